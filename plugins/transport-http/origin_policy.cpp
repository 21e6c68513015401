// SPDX-License-Identifier: Apache-2.0
// The allow-lists and what counts as this machine.
#include "origin_policy.hpp"

#include "text.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

/// `authority` without its port; empty when it is malformed.
std::string_view host_name(std::string_view authority) {
    const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return {};
    const auto colon = authority.find(':', bracket);
    const auto name = authority.substr(0, colon);
    if (colon == std::string_view::npos) return name;
    const auto port = authority.substr(colon + 1);
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    return digits && port.size() <= 5 ? name : std::string_view();
}

bool is_this_machine(std::string_view authority) {
    const std::string_view name = host_name(authority);
    return equals_ignoring_case(name, "localhost") || name == "127.0.0.1" || name == "[::1]";
}

/// An origin in the one form that is compared: lower case, without the scheme's default port.
std::string normalized(std::string_view origin) {
    std::string text = to_lower(origin);
    const auto drop = [&text](std::string_view scheme, std::string_view port) {
        if (text.starts_with(scheme) && text.ends_with(port))
            text.resize(text.size() - port.size());
    };
    drop("http://", ":80");
    drop("https://", ":443");
    return text;
}

bool is_loopback_origin(std::string_view origin) {
    for (std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return is_this_machine(origin.substr(scheme.size()));
    }
    return false;
}

}  // namespace

OriginPolicy::OriginPolicy(bool loopback, const std::vector<std::string>& origins,
                           const std::vector<std::string>& hosts)
    : loopback_(loopback), any_host_(!loopback && hosts.empty()) {
    for (const std::string& origin : origins)
        origins_.push_back(normalized(origin));
    for (const std::string& host : hosts)
        hosts_.push_back(to_lower(host));
}

bool OriginPolicy::allows_origin(std::string_view origin) const {
    const std::string text = normalized(origin);
    if (loopback_ && is_loopback_origin(text)) return true;
    return std::ranges::find(origins_, text) != origins_.end();
}

bool OriginPolicy::allows_host(std::string_view host) const {
    if (any_host_) return true;
    if (loopback_ && is_this_machine(host)) return true;
    const std::string text = to_lower(host);
    const std::string_view name = host_name(text);
    return std::ranges::any_of(hosts_, [&](const std::string& allowed) {
        return allowed == text || (!name.empty() && allowed == name);
    });
}

}  // namespace shadowcat::http
