// SPDX-License-Identifier: Apache-2.0
// Tells URLs from command lines.
#include "core/cli/upstream_argument.hpp"

#include "core/cli/shell_split.hpp"

namespace shadowcat::core {

namespace {

sdk::Error problem(const std::string& text) {
    return sdk::Error(sdk::ErrorCode::config, "--upstream: " + text);
}

/// `http` of `HTTP://…`; empty when `value` doesn't begin like a URL.
std::string scheme_of(const std::string& value) {
    const std::size_t end = value.find("://");
    if (end == std::string::npos) return {};
    std::string scheme = value.substr(0, end);
    for (char& c : scheme) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c < 'a' || c > 'z') return {};
    }
    return scheme;
}

}  // namespace

sdk::Json upstream_from_command(const std::string& name, const std::vector<std::string>& command) {
    return sdk::Json{{"name", name}, {"transport", "stdio"}, {"command", command}};
}

sdk::Result<sdk::Json> upstream_from_argument(const std::string& name, const std::string& value) {
    const std::string scheme = scheme_of(value);
    if (scheme == "http" || scheme == "https") {
        return sdk::Json{{"name", name}, {"transport", "http"}, {"url", value}};
    }
    if (!scheme.empty()) {
        return problem("'" + value + "' has the scheme " + scheme +
                       ": give a URL with http or https, or a command line");
    }
    const auto words = shell_split(value);
    if (!words) return problem(words.error().message());
    if (words->empty() || words->front().empty()) {
        return problem("is empty: give a command line or a URL");
    }
    return upstream_from_command(name, *words);
}

}  // namespace shadowcat::core
