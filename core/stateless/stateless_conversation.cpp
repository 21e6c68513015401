// SPDX-License-Identifier: Apache-2.0
// Sending requests to their desk and taking them back.
#include "core/stateless/stateless_conversation.hpp"

#include "shadowcat/sdk/worker_hop.hpp"

#include "core/mcp/revisions.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace shadowcat::core {

std::string_view StatelessConversation::revision() const noexcept { return mcp::kNewestStateless; }

sdk::awaitable<> StatelessConversation::request(sdk::Message request, sdk::ReplyStream& replies) {
    const std::shared_ptr<StatelessConversation> alive = shared_from_this();
    StatelessDesk& desk = here_.desk_of(principal_);
    const auto performance = std::make_shared<Performance>(desk, std::string(request.id()));
    running_.push_back(performance);
    if (&desk == &here_) {
        co_await perform_there(*performance, std::move(request), replies);
    } else {
        sdk::HopReplies back(here_.worker(), replies);
        auto there = perform_there(*performance, std::move(request), back);
        co_await sdk::run_on(here_.worker(), desk.worker(), std::move(there));
    }
    std::erase(running_, performance);
}

/// On the desk's worker.
sdk::awaitable<> StatelessConversation::perform_there(Performance& performance,
                                                      sdk::Message request,
                                                      sdk::ReplyStream& replies) {
    const sdk::ClientInfo client(principal_, peer_);
    co_await performance.desk.perform(std::move(request), client, replies,
                                      performance.cancellation);
}

sdk::awaitable<sdk::Result<void>> StatelessConversation::notify(sdk::Message message) {
    if (message.method() != "notifications/cancelled") co_return sdk::Result<void>();
    const auto named = std::ranges::find_if(
        running_, [&](const auto& each) { return each->id == message.cancelled_id(); });
    if (named == running_.end()) co_return sdk::Result<void>();
    const auto reason =
        sdk::downstream_error(sdk::ErrorCode::cancelled, "the client cancelled the request");
    withdraw(*named, reason);
    co_return sdk::Result<void>();
}

void StatelessConversation::withdraw(const std::shared_ptr<Performance>& performance,
                                     const sdk::Error& reason) {
    sdk::asio::post(performance->desk.worker().context(),
                    [performance, reason] { performance->cancellation.request(reason); });
}

sdk::awaitable<sdk::Result<void>> StatelessConversation::listen(sdk::ReplyStream&,
                                                                std::string_view last_event_id) {
    co_return can_listen(last_event_id);
}

sdk::Result<void> StatelessConversation::can_listen(std::string_view) const {
    return sdk::downstream_error(sdk::ErrorCode::unsupported,
                                 "this revision has no stream beside those of requests");
}

sdk::awaitable<> StatelessConversation::end() {
    const auto reason = sdk::downstream_error(sdk::ErrorCode::cancelled, "the client has gone");
    for (const auto& each : running_)
        withdraw(each, reason);
    co_return;
}

}  // namespace shadowcat::core
