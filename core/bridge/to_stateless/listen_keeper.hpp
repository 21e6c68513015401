// SPDX-License-Identifier: Apache-2.0
// ListenKeeper: performs a ListenPlan on a link.
#pragma once

#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/to_stateless/client_profile.hpp"
#include "core/bridge/to_stateless/listen_plan.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// What a keeper must know of its bridge.
class ListenTerms {
public:
    ListenTerms() = default;

    std::string label;                   ///< makes the ids of listens unique
    std::size_t max_uris = 1000;         ///< more subscriptions are refused
    std::size_t max_depth = 128;         ///< of messages
    sdk::Duration acknowledge_within{};  ///< else a listen counts as failed
};

/// Held by its bridge and by the listens it runs, which outlive neither the link nor `close`.
class ListenKeeper : public std::enable_shared_from_this<ListenKeeper> {
public:
    /// What changes is told to `events`, until `close`.
    ListenKeeper(sdk::Worker& worker, std::shared_ptr<sdk::Link> server, sdk::LinkEvents& events,
                 ListenTerms terms);

    /// Who the server is told to be listening.
    void set_client(const ClientProfile& client) { client_ = client; }

    /// From now on the client is told when these lists change.
    sdk::awaitable<> want_lists(bool tools, bool prompts, bool resources);

    /// Completes when the server tells of changes of `uri`, or fails: with `unsupported` when it
    /// won't, with `unavailable` when it couldn't be asked.
    sdk::awaitable<sdk::Result<void>> subscribe(std::string uri, sdk::Cancellation& cancellation);
    sdk::awaitable<> unsubscribe(std::string uri);

    /// Ends everything; nothing is told any more.
    void close();

private:
    class Running;
    class Waiter;

    static sdk::awaitable<> run(std::shared_ptr<ListenKeeper> self, std::uint64_t number,
                                std::string filter);
    static sdk::awaitable<> resume_after(std::shared_ptr<ListenKeeper> self, sdk::Duration pause);
    sdk::awaitable<> perform(ListenPlan::Actions actions);
    sdk::awaitable<> tell(sdk::Message notification);
    void end(std::uint64_t number);
    void settle(const std::string& uri, const std::string& failure);

    sdk::Worker& worker_;
    std::shared_ptr<sdk::Link> server_;  // shared with the bridge; alive while a listen runs
    sdk::LinkEvents* events_;            // null once closed
    const ListenTerms terms_;
    ClientProfile client_;
    ListenPlan plan_;
    sdk::Timer pause_;
    std::vector<Running*> running_;
    std::vector<Waiter*> waiting_;
};

}  // namespace shadowcat::core
