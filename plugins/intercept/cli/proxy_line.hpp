// SPDX-License-Identifier: Apache-2.0
// ProxyLine: how the command talks to a proxy.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace shadowcat::intercept {

using sdk::Json;

class ProxyLine {
public:
    virtual ~ProxyLine() = default;

    /// Gives the command `request` and calls `each` with every line of the answer. Blocks.
    virtual sdk::Result<void> ask(const Json& request,
                                  const std::function<void(const Json&)>& each) = 0;
};

/// All the lines at once.
sdk::Result<std::vector<Json>> ask_all(ProxyLine& proxy, const Json& request);

/// Over the control socket.
class SocketLine final : public ProxyLine {
public:
    explicit SocketLine(std::filesystem::path socket) : socket_(std::move(socket)) {}

    sdk::Result<void> ask(const Json& request,
                          const std::function<void(const Json&)>& each) override;

private:
    std::filesystem::path socket_;
};

}  // namespace shadowcat::intercept
