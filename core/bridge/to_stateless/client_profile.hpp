// SPDX-License-Identifier: Apache-2.0
// ClientProfile: what the client of a session said once and a stateless server is told every time.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <string>
#include <string_view>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Made of the client's `initialize` and `logging/setLevel` (duties C.1). Without them: a client
/// without capabilities.
class ClientProfile {
public:
    ClientProfile();
    explicit ClientProfile(const sdk::Message& initialize);

    /// From now on the server may send log messages of `level` and above; false for no level.
    bool set_log_level(std::string_view level);
    bool wants_log() const noexcept { return !log_level_.empty(); }

    /// Whether the client has said that it can answer this entry of `inputRequests`.
    bool can_answer(std::string_view method, std::string_view params) const;

    /// The reserved members of `params._meta`, without braces.
    const std::string& meta() const noexcept { return meta_; }

private:
    void compose();

    std::string capabilities_ = "{}";
    std::string info_;
    std::string log_level_;
    std::string meta_;
};

}  // namespace shadowcat::core
