// SPDX-License-Identifier: Apache-2.0
// The checks a request must pass, in the order of duties A.6; decisions only, no I/O.
#pragma once

#include "shadowcat/sdk/service.hpp"

#include "http_listener_options.hpp"
#include "refusal.hpp"
#include "request_head.hpp"
#include "request_parser.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace shadowcat::http {

/// The largest body of a request for a page; it is read and not looked at.
inline constexpr std::size_t kMostPageBody = std::size_t{64} * 1024;

/// A request that couldn't be read: `state` is one of the parser's failures.
Refusal refuse_unreadable(ParseState state, const HttpListenerOptions& options,
                          std::size_t body_limit);

/// A request that didn't arrive in time.
Refusal refuse_late();

/// A request whose body would not have fitted into memory in time.
Refusal refuse_for_now();

/// Host and Origin; before anything else, for every path and method.
std::optional<Refusal> check_source(const RequestHead& head, const OriginPolicy& policy);

/// What the head of a request to the endpoint must be like, before its body is read. `stateless`:
/// the revisions that know only POST.
std::optional<Refusal> check_endpoint_head(const RequestHead& head,
                                           const HttpListenerOptions& options,
                                           std::span<const std::string_view> stateless);

/// A path that is not the endpoint's; `page_exists` says whether a page is served there.
std::optional<Refusal> check_other_path(const RequestHead& head, const HttpListenerOptions& options,
                                        bool page_exists);

/// Session and version headers of the session era, once it is known whether the message is an
/// `initialize`. An unknown version outside of a session is refused so that clients of both eras
/// can read it.
std::optional<Refusal> check_session_fields(const RequestHead& head, bool initialize,
                                            const Service& service);

/// The head of a GET: how it names the event to go on from.
std::optional<Refusal> check_last_event_id(const RequestHead& head);

/// A stream that can't begin: the session's error, and whether an event was named.
Refusal refuse_stream(const Error& error, bool resumes);

/// A message whose JSON is no good.
Refusal refuse_message(const Error& error);

/// A notification or response that its session can't take.
Refusal refuse_notification(const Error& error);

/// A session that can't be found or opened.
Refusal refuse_session(const Error& error);

}  // namespace shadowcat::http
