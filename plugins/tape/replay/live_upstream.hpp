// SPDX-License-Identifier: Apache-2.0
// LiveUpstream: the server that answers what the tape doesn't have.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/stateless.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::tape {

/// One per link. Its own link is opened, and introduced to with the client's `initialize`, when
/// first needed, and again after it was lost. What the server says by itself goes to the owner of
/// the replayed link.
class LiveUpstream final : public sdk::LinkEvents {
public:
    LiveUpstream(std::shared_ptr<sdk::Connector> connector, sdk::LinkOptions options, sdk::Era era)
        : connector_(std::move(connector)), options_(std::move(options)), era_(era) {}

    /// Who gets the server's own messages; null: nobody any more.
    void set_owner(sdk::LinkEvents* owner) noexcept { owner_ = owner; }

    /// The client's handshake, to be repeated for this server.
    void remember(const sdk::Message& initialize) { initialize_ = initialize; }

    /// As `Link::call`. An `initialize` is the handshake itself.
    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation);

    /// As `Link::send`; goes nowhere while there is no link.
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message);

    sdk::awaitable<> close();
    void set_listening(bool listening);
    void set_session(std::string_view label);
    void kill() noexcept;
    std::size_t resident_bytes() const;

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    using Ready = sdk::Result<std::shared_ptr<sdk::Link>>;

    sdk::awaitable<Ready> ready(bool introduced);
    sdk::awaitable<Ready> open(bool introduced);
    sdk::awaitable<sdk::Result<void>> introduce(sdk::Link& link);
    sdk::awaitable<> wait_for_opening();

    std::shared_ptr<sdk::Connector> connector_;  // shared with the replay's connector
    sdk::LinkOptions options_;
    sdk::Era era_;
    sdk::LinkEvents* owner_ = nullptr;
    std::optional<sdk::Message> initialize_;
    std::shared_ptr<sdk::Link> link_;  // shared with the calls in flight on it
    bool opening_ = false, closed_ = false, listening_ = false;
    std::string session_;
    std::vector<sdk::Wakeup*> waiting_;
};

}  // namespace shadowcat::tape
