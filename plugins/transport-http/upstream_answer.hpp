// SPDX-License-Identifier: Apache-2.0
// What a server's answer means: status and content type, JSON body, session; no I/O.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "upstream_response.hpp"
#include "upstream_target.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::http {

/// How the answer to a JSON-RPC request goes on after its head.
enum class AnswerForm : std::uint8_t {
    json,          ///< the body is the response
    events,        ///< the response is in an event stream
    json_refusal,  ///< a failure; if the body is a JSON-RPC error, that is the response
    failure        ///< a failure
};

class AnswerVerdict {
public:
    explicit AnswerVerdict(AnswerForm of) : form(of) {}
    AnswerVerdict(AnswerForm of, Error with) : form(of), error(std::move(with)) {}

    AnswerForm form;
    Error error;  ///< of a refusal or failure
};

/// Judges the head of the answer to a POSTed request. `in_session` says whether the request named a
/// session: 404 then means that the server has ended it.
AnswerVerdict judge_answer(const UpstreamTarget& target, const ResponseHead& head, bool in_session);

/// Whether a refusal of `initialize` may mean that the server knows only the transport of
/// 2024-11-05, unless its body is a JSON-RPC error.
bool may_be_older(const ResponseHead& head);

/// Judges the head of the answer to a POSTed notification or response: any 2xx will do.
std::optional<Error> judge_acceptance(const UpstreamTarget& target, const ResponseHead& head,
                                      bool in_session);

/// Reads the response to the request `id` from a JSON body. An error without an id gets it. Fails
/// with `protocol` or `too_large`.
Result<Message> read_answer(const UpstreamTarget& target, std::string body, std::string_view id,
                            const ParseLimits& limits);

/// Makes `message`, an error response without an id, answer the request `id`.
Result<Message> with_id(const Message& message, std::string_view id);

/// `result.protocolVersion` of the response to `initialize`; empty when there is none to speak of.
std::string negotiated_revision(const Message& response);

/// ` with JSON-RPC error -32000` when `body` is one; empty otherwise.
std::string describe_error_body(const std::string& body);

/// Whether a request may be sent again although the server may have seen it: reads and the like.
bool may_be_repeated(const Message& message);

}  // namespace shadowcat::http
