// SPDX-License-Identifier: Apache-2.0
// The rules and what each says to the client.
#include "request_rules.hpp"

#include "media_type.hpp"
#include "response_status.hpp"
#include "stateless_rules.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

using Verdict = std::optional<Refusal>;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kEvents = "text/event-stream";
constexpr std::string_view kUsualAccept = "application/json, text/event-stream";  // of the SDKs
constexpr std::size_t kMaxSessionId = 256;

Error invalid(std::string text) {
    return downstream_error(ErrorCode::invalid_request, std::move(text));
}

Refusal bad_request(Reason reason, std::string text) {
    return Refusal(400, reason, invalid(std::move(text)));
}

Refusal too_large(std::size_t limit) {
    return Refusal(413, Reason::body_size,
                   downstream_error(ErrorCode::too_large, "the body exceeds the limit of " +
                                                              std::to_string(limit) + " bytes"));
}

bool accepts_answers(std::string_view accept) {
    if (accept.empty() || accept == kUsualAccept) return true;
    return accepts(accept, kJson) && accepts(accept, kEvents);
}

Verdict check_post(const RequestHead& head, const HttpListenerOptions& options) {
    if (!is_json_content(head.content_type.value()) || head.encoded) {
        return Refusal(415, Reason::content_type,
                       invalid("Content-Type must be application/json, in UTF-8 and not encoded"));
    }
    if (!accepts_answers(head.accept)) {
        return Refusal(406, Reason::accept,
                       invalid("Accept must list application/json and text/event-stream"));
    }
    if (head.content_length.value_or(0) > options.message.max_bytes) {
        return too_large(options.message.max_bytes);
    }
    if (!head.too_many_mirrored) return std::nullopt;
    return Refusal(
        431, Reason::header_size,
        downstream_error(ErrorCode::too_large,
                         "more than " + std::to_string(kMostMirrored) + " Mcp-Param headers"));
}

Verdict check_get(const RequestHead& head) {
    if (accepts(head.accept, kEvents)) return std::nullopt;
    return Refusal(406, Reason::accept, invalid("Accept must list text/event-stream"));
}

bool names_one_of(const RequestHead& head, std::span<const std::string_view> revisions) {
    const SingleHeader& version = head.protocol_version;
    return version.present() && std::ranges::find(revisions, version.value()) != revisions.end();
}

/// Any method but POST.
Refusal refuse_method(bool stateless) {
    if (stateless) {
        return Refusal(405, Reason::method, invalid("this revision of MCP knows only POST"),
                       kAllowStateless);
    }
    return Refusal(405, Reason::method, invalid("the MCP endpoint takes POST, GET and DELETE"),
                   kAllowOnEndpoint);
}

Verdict check_method(const RequestHead& head, bool stateless) {
    const bool preflight =
        head.method == Method::options && head.origin.present() && head.preflight_method.present();
    const bool stream_or_end = head.method == Method::get || head.method == Method::remove;
    const bool known = head.method == Method::post || preflight || (stream_or_end && !stateless);
    if (known) return std::nullopt;
    return refuse_method(stateless);
}

Refusal refuse_revision() {
    return bad_request(Reason::protocol_version, "unsupported MCP-Protocol-Version");
}

/// No session, and a revision that nobody knows: whoever asks may be of either era.
Verdict check_unknown_era(const RequestHead& head, const Service& service) {
    const auto served = service.stateless_revisions();
    const SingleHeader& version = head.protocol_version;
    if (served.empty() || !version.present() || service.accepts_revision(version.value())) {
        return std::nullopt;
    }
    return refuse_revision().with_code(json_rpc::kUnsupportedProtocolVersion,
                                       revisions_to_try(served, version.value()));
}

/// Visible ASCII, as MCP demands of session ids.
bool is_session_id(std::string_view id) {
    return !id.empty() && id.size() <= kMaxSessionId && is_visible(id);
}

}  // namespace

Refusal refuse_unreadable(ParseState state, const HttpListenerOptions& options,
                          std::size_t body_limit) {
    if (state == ParseState::head_too_large) {
        return Refusal(431, Reason::header_size,
                       downstream_error(ErrorCode::too_large,
                                        "the request head exceeds the limit of " +
                                            std::to_string(options.max_header_bytes) + " bytes"));
    }
    if (state == ParseState::body_too_large) return too_large(body_limit);
    return bad_request(Reason::syntax, "not a valid HTTP/1.1 request");
}

Refusal refuse_late() {
    return Refusal(408, Reason::timeout,
                   downstream_error(ErrorCode::timed_out, "the request did not arrive in time"));
}

Refusal refuse_for_now() {
    return Refusal(503, Reason::memory,
                   downstream_error(ErrorCode::unavailable,
                                    "too much is under way to read this request; try again later"),
                   kRetryAfter);
}

Verdict check_source(const RequestHead& head, const OriginPolicy& policy) {
    if (head.host.present() && !policy.allows_host(head.host.value())) {
        return Refusal(403, Reason::host,
                       invalid("this Host is not served here; see allowed_hosts"));
    }
    if (head.origin.present() && !policy.allows_origin(head.origin.value())) {
        return Refusal(403, Reason::origin,
                       invalid("this Origin may not call; see allowed_origins"));
    }
    return std::nullopt;
}

Verdict check_endpoint_head(const RequestHead& head, const HttpListenerOptions& options,
                            std::span<const std::string_view> stateless) {
    if (head.unmet_expectation) {
        return Refusal(417, Reason::expectation,
                       invalid("the only expectation met is 100-continue"));
    }
    if (Verdict refusal = check_method(head, names_one_of(head, stateless))) return refusal;
    if (head.method == Method::post) return check_post(head, options);
    return head.method == Method::get ? check_get(head) : std::nullopt;
}

Verdict check_other_path(const RequestHead& head, const HttpListenerOptions& options,
                         bool page_exists) {
    if (!page_exists) {
        return Refusal(
            404, Reason::path,
            invalid(options.path.empty() ? "nothing is here"
                                         : "nothing is here; the MCP endpoint is " + options.path));
    }
    switch (head.method) {
        case Method::get:
        case Method::head:
            return std::nullopt;
        case Method::post:
            if (head.content_length.value_or(0) > kMostPageBody) return too_large(kMostPageBody);
            return std::nullopt;
        default:
            return Refusal(405, Reason::method, invalid("pages take GET, HEAD and POST"),
                           kAllowOnPage);
    }
}

Verdict check_session_fields(const RequestHead& head, bool initialize, const Service& service) {
    const SingleHeader& id = head.session_id;
    const SingleHeader& version = head.protocol_version;
    if (id.repeated() || version.repeated()) {
        return bad_request(Reason::syntax,
                           "Mcp-Session-Id and MCP-Protocol-Version may each stand only once");
    }
    if (initialize) {  // MCP-Protocol-Version counts only from the next request on
        if (!id.present()) return std::nullopt;
        return bad_request(Reason::message, "initialize opens a session, so it can't name one");
    }
    if (!id.present()) {
        if (Verdict refusal = check_unknown_era(head, service)) return refusal;
        return bad_request(Reason::session_missing, "Mcp-Session-Id header required");
    }
    if (!is_session_id(id.value())) {
        return bad_request(Reason::session_missing, "Mcp-Session-Id is malformed");
    }
    if (version.present() && !service.accepts_revision(version.value())) return refuse_revision();
    return std::nullopt;
}

Verdict check_last_event_id(const RequestHead& head) {
    const SingleHeader& id = head.last_event_id;
    if (!id.present() || (!id.repeated() && is_event_id(id.value()))) return std::nullopt;
    return bad_request(Reason::event_unknown, "Last-Event-ID must stand once, in visible ASCII");
}

/// A stream that has ended is no reason to come back: 405, "no stream here", is what clients take
/// for an answer and not for a failure (they ask, for one, after a call that they have cancelled).
Refusal refuse_stream(const Error& error, bool resumes) {
    if (error.code() == ErrorCode::closed) {
        return Refusal(405, Reason::stream_over, error, kAllowOnEndpoint);
    }
    if (error.code() != ErrorCode::invalid_request) return refuse_session(error);
    if (resumes) {
        return bad_request(Reason::event_unknown, "Last-Event-ID: " + error.message());
    }
    return Refusal(409, Reason::stream_taken,
                   downstream_error(error.code(), "this session has an open stream already"));
}

Refusal refuse_message(const Error& error) {
    const bool large = error.code() == ErrorCode::too_large;
    return Refusal(large ? 413 : 400, large ? Reason::body_size : Reason::message,
                   downstream_error(error.code(), error.message()));
}

Refusal refuse_notification(const Error& error) {
    return Refusal(status_of_refused_notification(error), Reason::message, error).within_session();
}

Refusal refuse_session(const Error& error) {
    const int status = status_of(error);
    const bool known = error.code() != ErrorCode::unknown_session;
    return Refusal(status, known ? Reason::session_limit : Reason::session_unknown, error,
                   status == 503 ? kRetryAfter : std::string_view());
}

}  // namespace shadowcat::http
