// SPDX-License-Identifier: Apache-2.0
// ChildOptions: the configuration of the stdio connector.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "launcher.hpp"

#include <map>
#include <string>
#include <vector>

namespace shadowcat::transport_stdio {

class ChildOptions {
public:
    /// The keys, as operators write them.
    static sdk::Schema schema();

    /// From a value that passed the schema. Throws `std::invalid_argument` for what a schema can't
    /// say: empty command names, variable names with '=', NUL bytes.
    explicit ChildOptions(const sdk::Json& config);

    /// Looks the program up and puts its environment together, now: both may change while the proxy
    /// runs. Fails with `unreachable`.
    sdk::Result<LaunchPlan> plan() const;

    sdk::Duration grace() const noexcept { return grace_; }

    /// What it writes to stderr goes to our own, not into the log.
    bool passes_stderr() const noexcept { return passes_stderr_; }

    /// The command line for logs. What looks like a secret is masked.
    std::string command_line() const;

private:
    void check() const;

    std::vector<std::string> command_;
    std::map<std::string, std::string> added_;
    std::vector<std::string> inherited_;
    std::string directory_;
    sdk::Duration grace_;
    bool passes_stderr_;
};

}  // namespace shadowcat::transport_stdio
