// SPDX-License-Identifier: Apache-2.0
// Which HTTP status tells a client about an error, and the reason phrases.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/message.hpp"

#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// The status for a request that ends with an error of the proxy's own (duties A.4). What is the
/// conversation's business rather than the transport's stays 200: 404 means "session gone" to a
/// legacy client, and nothing else.
int status_of(const Error& error) noexcept;

/// The status of a server's response to a client of the stateless era: that of its error's code,
/// 200 for what has none (duties A.4).
int status_of_stateless(const Message& response);

/// The same for an error of the proxy's own, shown as `response`. 404 would be an unknown method.
int status_of_stateless(const Error& error, const Message& response);

/// The status for a notification or response that can't be taken: never a success.
int status_of_refused_notification(const Error& error) noexcept;

/// `Not Found` for 404; empty for codes that the listener doesn't use.
std::string_view reason_phrase(int status) noexcept;

}  // namespace shadowcat::http
