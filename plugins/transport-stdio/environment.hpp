// SPDX-License-Identifier: Apache-2.0
// The environment of a child: the names passed on, the configured ones added, nothing else.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::transport_stdio {

class Environment {
public:
    /// Takes the variables named by `inherited` (`*`: all) from this process, then sets those in
    /// `added`.
    Environment(const std::vector<std::string>& inherited,
                const std::map<std::string, std::string>& added);

    /// The child's PATH, or the usual one where it has none.
    std::string_view path() const;

    /// `NAME=value`, sorted by name.
    std::vector<std::string> entries() const;

private:
    void inherit_all();

    std::map<std::string, std::string, std::less<>> variables_;
};

/// What is passed on unless the configuration says otherwise: enough to run programs, no secrets.
const std::vector<std::string>& default_inherited();

}  // namespace shadowcat::transport_stdio
