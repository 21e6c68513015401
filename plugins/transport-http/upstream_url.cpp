// SPDX-License-Identifier: Apache-2.0
// RFC 3986 as far as operators write it.
#include "upstream_url.hpp"

#include "text.hpp"

#include <charconv>

namespace shadowcat::http {

namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Error bad_url(std::string_view why) { return Error(ErrorCode::config, "url: " + std::string(why)); }

bool is_plain(char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>' && c != '\\';
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == ':';
}

/// The port in `text`, which is empty or begins with a colon; 0 when it is none.
std::uint16_t read_port(std::string_view text, std::uint16_t fallback) {
    if (text.empty()) return fallback;
    text.remove_prefix(1);
    std::uint16_t port = 0;
    const auto end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, port);
    return failed == std::errc() && last == end ? port : 0;
}

}  // namespace

Result<UpstreamUrl> UpstreamUrl::parse(std::string_view text) {
    UpstreamUrl url;
    const auto scheme_end = text.find("://");
    const std::string scheme = to_lower(text.substr(0, std::min(scheme_end, text.size())));
    if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
        return bad_url("must begin with http:// or https://");
    }
    url.tls = scheme == "https";
    text.remove_prefix(scheme_end + 3);
    if (!std::ranges::all_of(text, is_plain)) {
        return bad_url("holds a character that URLs write as %XX");
    }
    if (text.find('#') != std::string_view::npos) return bad_url("must not have a fragment (#)");
    const auto authority_end = std::min(text.find_first_of("/?"), text.size());
    auto read = url.read_authority(text.substr(0, authority_end));
    if (read.has_error()) return read.error();
    url.target = text.substr(authority_end);
    if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
    return url;
}

Result<void> UpstreamUrl::read_authority(std::string_view text) {
    if (text.find('@') != std::string_view::npos) {
        return bad_url("must not hold a user or password; use `headers` (Authorization)");
    }
    const bool bracketed = text.starts_with('[');
    const auto closing = text.find(']');
    if (bracketed && closing == std::string_view::npos) return bad_url("a [ without its ]");
    const auto host_end = bracketed ? closing + 1 : std::min(text.find(':'), text.size());
    const std::string_view rest = text.substr(host_end);
    host = bracketed ? text.substr(1, closing - 1) : text.substr(0, host_end);
    if (host.empty()) return bad_url("names no host");
    if (!std::ranges::all_of(host, is_host_character)) return bad_url("the host is not a name");
    const std::uint16_t usual = tls ? kHttpsPort : kHttpPort;
    port = rest.empty() || rest.starts_with(':') ? read_port(rest, usual) : 0;
    if (port == 0) return bad_url("the port is not a number from 1 to 65535");
    authority = text.substr(0, host_end);
    if (port != usual) authority.append(":").append(std::to_string(port));
    return Result<void>();
}

std::string UpstreamUrl::display() const {
    return (tls ? "https://" : "http://") + authority + std::string(cut(target, '?').first);
}

}  // namespace shadowcat::http
