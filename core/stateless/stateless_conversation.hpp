// SPDX-License-Identifier: Apache-2.0
// StatelessConversation: a conversation of the stateless era, as its listener sees it.
#pragma once

#include "shadowcat/sdk/service.hpp"

#include "core/stateless/stateless_desk.hpp"

#include <memory>
#include <string>
#include <vector>

namespace shadowcat::core {

/// Nothing but what is in flight: requests are performed at the desk of their principal, which may
/// be another worker's, and withdrawn there.
class StatelessConversation final : public sdk::ClientSession,
                                    public std::enable_shared_from_this<StatelessConversation> {
public:
    StatelessConversation(StatelessDesk& here, const sdk::ClientInfo& client)
        : here_(here), principal_(client.principal), peer_(client.peer) {}

    const std::string& id() const noexcept override { return no_id_; }
    std::string_view label() const noexcept override { return "stateless"; }
    std::string_view revision() const noexcept override;
    sdk::awaitable<> request(sdk::Message request, sdk::ReplyStream& replies) override;
    sdk::awaitable<sdk::Result<void>> notify(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> listen(sdk::ReplyStream& stream,
                                             std::string_view last_event_id) override;
    sdk::Result<void> can_listen(std::string_view last_event_id) const override;
    void stop_listening(const sdk::ReplyStream&) override {}
    sdk::awaitable<> end() override;

private:
    /// Belongs to the desk's worker, where alone `cancellation` is touched.
    class Performance {
    public:
        Performance(StatelessDesk& at, std::string as) : desk(at), id(std::move(as)) {}

        StatelessDesk& desk;
        const std::string id;
        sdk::Cancellation cancellation;
    };

    sdk::awaitable<> perform_there(Performance& performance, sdk::Message request,
                                   sdk::ReplyStream& replies);
    static void withdraw(const std::shared_ptr<Performance>& performance, const sdk::Error& reason);

    StatelessDesk& here_;
    const std::string no_id_, principal_, peer_;
    std::vector<std::shared_ptr<Performance>> running_;  // shared with withdrawals on their way
};

}  // namespace shadowcat::core
