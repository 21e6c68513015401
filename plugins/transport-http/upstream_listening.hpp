// SPDX-License-Identifier: Apache-2.0
// UpstreamListening: the GET stream on which a server speaks by itself, while somebody listens.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <memory>
#include <optional>
#include <string>

namespace shadowcat::http {

using namespace shadowcat::sdk;

class ConnectionLease;
class EventReader;
class Interrupt;
class UpstreamSession;

/// Opens the stream when it may be opened (the session is initialized) and is wanted, gives its
/// messages to the session's owner, one after the other, and reconnects when it breaks. Closes it
/// when it isn't wanted any more, and goes on after the last message that was handed over when it
/// is wanted again. A server that offers no such stream (405) is not asked a second time.
class UpstreamListening {
public:
    UpstreamListening(UpstreamSession& session, bool wanted) : session_(session), wanted_(wanted) {}

    /// The session is initialized.
    void allow();

    /// `Link::set_listening`.
    void want(bool wanted);

private:
    bool due() const noexcept;
    void update();
    static awaitable<> run(std::shared_ptr<UpstreamSession> session);
    awaitable<> listen(Interrupt& interrupt);
    awaitable<std::optional<ConnectionLease>> open(EventReader& reader, Interrupt& interrupt);
    awaitable<bool> hear(ConnectionLease lease, EventReader& reader, Interrupt& interrupt);

    UpstreamSession& session_;
    std::string heard_up_to_;       // the event to go on from; empty when none was named
    Interrupt* running_ = nullptr;  // of the coroutine that listens
    bool wanted_;
    bool allowed_ = false;
    bool offered_ = true;
};

}  // namespace shadowcat::http
