// SPDX-License-Identifier: Apache-2.0
// SharedLink: one link that many sessions of a worker use at a time.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/link_lease.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

namespace shadowcat::core {

class Upstream;

/// A session that takes part in a shared link.
class Participant {
public:
    virtual ~Participant() = default;

    /// A change notification of the server that concerns this session.
    virtual sdk::awaitable<> on_shared_message(sdk::Message message) = 0;

    virtual bool subscribed_to(std::string_view uri) const = 0;
};

/// Initialised by the proxy itself, without client capabilities, so that the server may not ask any
/// client for anything (duties B.6, B.14). Change notifications go to every participant, resource
/// updates to those who subscribed, log messages to nobody: on a shared channel they can't be
/// attributed (B.10).
class SharedLink final : public sdk::LinkEvents {
public:
    SharedLink(sdk::Worker& worker, Upstream& upstream) : worker_(worker), upstream_(upstream) {}

    /// The open, initialised link; opens it on first use and after it was lost.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease();

    /// The server's `InitializeResult` as JSON text; empty before the first lease.
    const std::string& initialize_result() const noexcept { return initialize_result_; }

    void join(Participant& participant) { participants_.insert(&participant); }
    void leave(Participant& participant) { participants_.erase(&participant); }

    /// How many participants subscribed to `uri`.
    std::size_t subscribers(std::string_view uri) const;

    sdk::awaitable<> close();

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open();
    sdk::awaitable<> answer(const sdk::Message& request);
    sdk::awaitable<> distribute(const sdk::Message& message);

    sdk::Worker& worker_;
    Upstream& upstream_;
    std::shared_ptr<LinkLease> lease_;  // also held by the calls in flight on it
    std::string initialize_result_;
    bool opening_ = false;
    std::vector<sdk::Wakeup*> waiting_;
    std::unordered_set<Participant*> participants_;
};

}  // namespace shadowcat::core
