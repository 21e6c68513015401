// SPDX-License-Identifier: Apache-2.0
// RequestState: what the bridge gives a client to bring back with its answers.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "core/bridge/to_sessions/seal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Good for one retry of the same request by the same principal, until it expires; nobody can read
/// or alter it (duties C.2, B.7).
class RequestState {
public:
    enum class Kind {
        parked,    ///< a call waits for the answers
        url_retry  ///< nothing waits: the request is sent anew once the client has visited URLs
    };

    /// A fresh one.
    RequestState(Kind what, sdk::TimePoint until, std::size_t asked);

    /// Reads what `sealed` gave. None when it was altered, or made for another request.
    static std::optional<RequestState> open(const Seal& seal, std::string_view sealed,
                                            std::string_view context);

    std::string sealed(const Seal& seal, std::string_view context) const;

    Kind kind;
    std::string ticket;  ///< names it: random, so that it can be known as used
    sdk::TimePoint expiry;
    std::size_t rounds;     ///< how often its call has asked for input, this time included
    std::string questions;  ///< of `url_retry`: the input requests

private:
    RequestState() = default;
};

/// What binds a state to its request: principal, method, and all of `params` that the retry
/// repeats.
std::string state_context(std::string_view principal, std::string_view method,
                          std::string_view params);

}  // namespace shadowcat::core
