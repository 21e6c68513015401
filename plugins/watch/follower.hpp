// SPDX-License-Identifier: Apache-2.0
// Follower: prints what a proxy tells a viewer, until one of them ends.
#pragma once

#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/control_client.hpp"

#include "invocation.hpp"
#include "styled_line.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace shadowcat::watch {

class Follower {
public:
    /// Both are used until `run` has returned.
    Follower(const Invocation& invocation, sdk::CommandContext& context)
        : invocation_(invocation), context_(context) {}

    /// Gives the exit code: 0 when the proxy ended, Ctrl-C came, or nobody reads what is printed.
    int run();

private:
    enum class End : std::uint8_t { proxy, viewer, failure };

    int follow();
    End attach();
    static sdk::Result<std::optional<sdk::Json>> next_line(sdk::ControlClient& client);
    End print_all(sdk::ControlClient& client);
    End ended_by(const sdk::Error& error);
    void greet();
    bool print(const sdk::Json& line);
    Look look() const;
    void say(const std::string& sentence);

    const Invocation& invocation_;
    sdk::CommandContext& context_;
    std::filesystem::path socket_;
    bool attached_ = false;  ///< The proxy has answered at least once.
};

}  // namespace shadowcat::watch
