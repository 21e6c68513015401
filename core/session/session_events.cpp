// SPDX-License-Identifier: Apache-2.0
// What transport observers, and the proxy, are told of a session and its link.
#include "shadowcat/sdk/transport_event.hpp"

#include "core/session/session.hpp"

namespace shadowcat::core {

namespace {

using Kind = sdk::TransportEvent::Kind;

}  // namespace

void Session::tell_opened(std::string_view client) const {
    sdk::TransportEvent event(Kind::session_opened, sdk::Hop::downstream, label_);
    event.text = client;
    context_.worker.observer()->on_transport_event(event);
}

void Session::tell_closed(std::string_view reason) const {
    sdk::TransportEvent event(Kind::session_closed, sdk::Hop::downstream, label_);
    event.text = reason;
    context_.worker.observer()->on_transport_event(event);
}

void Session::tell_link_opened(const sdk::Link& link) const {
    const std::string peer = link.peer();
    const std::string target = upstream_->target();
    sdk::TransportEvent event(Kind::link_opened, sdk::Hop::upstream, label_);
    event.upstream = upstream_name_;
    event.text = peer;
    event.target = target;
    context_.worker.observer()->on_transport_event(event);
}

void Session::tell_link_closed(std::string_view reason) const {
    sdk::TransportEvent event(Kind::link_closed, sdk::Hop::upstream, label_);
    event.upstream = upstream_name_;
    event.text = reason;
    context_.worker.observer()->on_transport_event(event);
}

void Session::report_exit(const sdk::Link& link) const {
    if (!context_.server_exited) return;
    if (const std::optional<int> code = link.exit_code()) context_.server_exited(*code);
}

}  // namespace shadowcat::core
