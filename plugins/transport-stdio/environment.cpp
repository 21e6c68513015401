// SPDX-License-Identifier: Apache-2.0
// Putting a child's environment together.
#include "environment.hpp"

#include <unistd.h>

#include <cstdlib>

namespace shadowcat::transport_stdio {

namespace {
constexpr std::string_view kEverything = "*";
}

Environment::Environment(const std::vector<std::string>& inherited,
                         const std::map<std::string, std::string>& added)
    : variables_(added.begin(), added.end()) {
    for (const std::string& name : inherited) {
        if (name == kEverything) {
            inherit_all();
            continue;
        }
        const char* value = std::getenv(name.c_str());
        if (value) variables_.emplace(name, value);  // what was added wins
    }
}

void Environment::inherit_all() {
    for (char** each = environ; each && *each; ++each) {
        const std::string_view entry(*each);
        const std::size_t equals = entry.find('=');
        if (equals == std::string_view::npos) continue;
        variables_.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
}

std::string_view Environment::path() const {
    const auto found = variables_.find(std::string_view("PATH"));
    return found == variables_.end() ? "/usr/local/bin:/usr/bin:/bin"
                                     : std::string_view(found->second);
}

std::vector<std::string> Environment::entries() const {
    std::vector<std::string> made;
    made.reserve(variables_.size());
    for (const auto& [name, value] : variables_)
        made.push_back(name + "=" + value);
    return made;
}

const std::vector<std::string>& default_inherited() {
    static const auto* names =
        new std::vector<std::string>{"PATH",   "HOME",     "USER", "LOGNAME", "SHELL", "LANG",
                                     "LC_ALL", "LC_CTYPE", "TZ",   "TMPDIR",  "TERM"};
    return *names;
}

}  // namespace shadowcat::transport_stdio
