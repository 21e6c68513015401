// SPDX-License-Identifier: Apache-2.0
// listen_for_messages: the GET stream on which a server speaks by itself.
#pragma once

#include "upstream_session.hpp"

namespace shadowcat::http {

/// Opens the stream and gives its messages to the session's owner, one after the other; reconnects
/// when it breaks. Ends when the session does, or at once if the server offers no such stream
/// (405).
awaitable<> listen_for_messages(std::shared_ptr<UpstreamSession> session);

}  // namespace shadowcat::http
