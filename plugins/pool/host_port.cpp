// SPDX-License-Identifier: Apache-2.0
// Splits an authority.
#include "host_port.hpp"

#include <algorithm>
#include <charconv>

namespace shadowcat::pool {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

sdk::Error bad(std::string_view why) {
    return sdk::Error(sdk::ErrorCode::config, std::string(why));
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == ':' || c == '%';  // the last two: IPv6, and its zone
}

std::uint16_t read_port(std::string_view digits) {
    std::uint16_t port = 0;
    const char* end = digits.data() + digits.size();
    const auto [last, failed] = std::from_chars(digits.data(), end, port);
    return failed == std::errc() && last == end ? port : 0;
}

/// Where the host ends: behind its bracket, or before the colon.
std::size_t host_end(std::string_view text) {
    if (!text.starts_with('[')) return std::min(text.find(':'), text.size());
    const auto closing = text.find(']');
    return closing == std::string_view::npos ? 0 : closing + 1;
}

std::string_view without_brackets(std::string_view host) {
    if (host.starts_with('[')) return host.substr(1, host.size() - 2);
    return host;
}

}  // namespace

/// `usual_port` 0: the text has to name one.
sdk::Result<HostPort> HostPort::read(std::string_view text, std::uint16_t usual_port) {
    const std::size_t end = host_end(text);
    const std::string_view host = without_brackets(text.substr(0, end));
    const std::string_view rest = text.substr(end);
    if (host.empty() || !std::ranges::all_of(host, is_host_character)) return bad("names no host");
    if (rest.empty() && usual_port != 0) return HostPort(host, usual_port);
    const std::uint16_t port = rest.starts_with(':') ? read_port(rest.substr(1)) : 0;
    if (port == 0) return bad("names no port from 1 to 65535 behind a colon");
    return HostPort(host, port);
}

sdk::Result<HostPort> HostPort::parse(std::string_view address) { return read(address, 0); }

sdk::Result<HostPort> HostPort::of_url(std::string_view url) {
    const bool plain = url.starts_with("http://");
    if (!plain && !url.starts_with("https://")) return bad("is no http:// or https:// URL");
    url.remove_prefix(url.find("//") + 2);
    const std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    return read(authority, plain ? kHttpPort : kHttpsPort);
}

std::string HostPort::text() const {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace shadowcat::pool
