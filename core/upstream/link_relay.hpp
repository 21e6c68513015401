// SPDX-License-Identifier: Apache-2.0
// LinkRelay: what a link tells, passed to whoever holds the link at the moment.
#pragma once

#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// A link is opened with its relay as `LinkEvents`, so that a spare can be handed to a session
/// later. What arrives before anybody is bound is kept, up to a bound, and delivered in order then.
class LinkRelay final : public sdk::LinkEvents, public std::enable_shared_from_this<LinkRelay> {
public:
    /// Messages kept for whoever is bound later; more are dropped with a line in the log.
    static constexpr std::size_t kMaxKept = 32;

    explicit LinkRelay(sdk::Worker& worker) : worker_(worker) {}

    /// From now on events go to `events`, first what was kept.
    void bind(sdk::LinkEvents& events);

    /// From now on messages are dropped: the link only serves the calls it has.
    void unbind() noexcept;

    /// The relay answers what the server asks: `ping` with a result, anything else with an error
    /// that says `why`. For links on which no client may be asked.
    void refuse_requests(std::string why) { refusal_ = std::move(why); }

    /// The link that answers go to; null before it is open and when it goes. An end that came
    /// before it was open is told after this.
    void attach(sdk::Link* link);

    /// Called once, when the connection has ended by itself, before whoever is bound learns it.
    std::function<void(const sdk::Error&)> on_lost;

    bool bound() const noexcept { return target_ != nullptr; }

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    static sdk::awaitable<> deliver_kept(std::shared_ptr<LinkRelay> self);
    sdk::awaitable<> answer(sdk::Message request);
    void keep(sdk::Message message);
    void deliver_later();
    void tell_end();

    sdk::Worker& worker_;
    sdk::Link* link_ = nullptr;
    sdk::LinkEvents* target_ = nullptr;
    std::deque<sdk::Message> kept_;
    std::optional<sdk::Error> ended_;  // until whoever is bound knows it
    std::string refusal_;              // empty: requests are passed on
    bool delivering_ = false;
    bool dropping_ = false;
};

}  // namespace shadowcat::core
