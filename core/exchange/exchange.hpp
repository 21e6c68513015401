// SPDX-License-Identifier: Apache-2.0
// Exchange: one client request on its way to a server, and what answers it on the way back.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/reply_stream.hpp"

#include "core/observe/proxy_metrics.hpp"
#include "core/upstream/link_lease.hpp"

#include <memory>
#include <string>

namespace shadowcat::core {

class Session;

/// Lives in the frame of `Session::request`. Stands between the link and the client's reply stream:
/// the link writes here, interceptors and the session's rules are applied, the client gets the
/// rest. Guarantees exactly one response, unless the client cancelled.
class Exchange final : public sdk::ReplyStream {
public:
    Exchange(Session& session, sdk::ReplyStream& client, const sdk::Message& request);
    ~Exchange() override;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Carries `request` out to the end.
    sdk::awaitable<> run(sdk::Message request);

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

    /// True when this is the request `id` and may be cancelled.
    bool cancellable_as(std::string_view id) const { return id == id_ && !initialize_; }

    void cancel(sdk::Error reason, std::optional<sdk::Message> notice = std::nullopt) {
        cancellation_.request(std::move(reason), std::move(notice));
    }

    /// Something happened that shows the exchange to be alive.
    void sign_of_life();

    /// Ends the exchange when the server has given no sign of life for too long.
    void sweep(sdk::TimePoint now);

private:
    sdk::awaitable<sdk::Result<void>> perform(sdk::Message request);
    sdk::awaitable<sdk::Result<void>> call(LinkLease& lease, sdk::Message request);
    sdk::awaitable<> finish(sdk::Error error);
    sdk::awaitable<sdk::Result<void>> to_client(sdk::Message message);
    sdk::awaitable<sdk::Result<void>> write_verdict(sdk::Verdict verdict, sdk::Message message);
    void note(const sdk::Message& response);

    Session& session_;
    sdk::ReplyStream& client_;
    const std::string id_;
    const std::string method_;
    const bool initialize_;
    sdk::Cancellation cancellation_;
    const sdk::TimePoint started_;
    sdk::TimePoint last_sign_;
    Outcome outcome_ = Outcome::failed;
    bool answered_ = false;
};

}  // namespace shadowcat::core
