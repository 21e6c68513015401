// SPDX-License-Identifier: Apache-2.0
// Responses of a stateless server as a client of a session understands them (duties C.3).
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What `resultType` says; without it a result is complete.
enum class ResultType : std::uint8_t { complete, input_required, unknown };

/// The parts of a result that the bridge looks at, as they stand in the text.
class StatelessResult {
public:
    /// Of a response that is a result, and outlives this object; of others nothing is found.
    explicit StatelessResult(const sdk::Message& response);

    ResultType type = ResultType::complete;
    std::string_view whole;
    std::string_view input_requests;
    std::string_view request_state;
    std::string_view structured;  ///< `structuredContent`
    std::string_view content;
    std::string_view tools;
    std::vector<std::pair<std::string_view, std::string_view>> hints;  ///< to be left out
};

/// `response`, which is no request for input, for a client whose request named `method`: without
/// what only the stateless era has, and with an error in place of what a session has no words for.
/// Ids stay. None when it can go to the client as it is. `result`: of `response`.
std::optional<sdk::Message> session_response(const sdk::Message& response,
                                             const StatelessResult& result, std::string_view method,
                                             std::size_t max_depth);

/// An `InitializeResult` that says what `discovered` (a `DiscoverResult`) does, in the revision
/// that the client has `asked` for if that has sessions, else in the newest that has.
std::string initialize_result(std::string_view discovered, std::string_view asked);

/// A notification of a `subscriptions/listen` without the id of that.
sdk::Message without_subscription(sdk::Message notification, std::size_t max_depth);

}  // namespace shadowcat::core
