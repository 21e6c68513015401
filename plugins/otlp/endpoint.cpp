// SPDX-License-Identifier: Apache-2.0
// URLs as far as operators write them for collectors.
#include "endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace shadowcat::otlp {

namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

Error bad(std::string_view why) { return Error(ErrorCode::config, "endpoint " + std::string(why)); }

bool is_host_character(char c) {
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alphanumeric || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) {
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' ||
           c == '.';
}

bool is_path_character(char c) {
    return c > ' ' && c < 0x7F && std::string_view("\"<>\\^`{|}?#").find(c) == std::string::npos;
}

std::optional<std::uint16_t> read_port(std::string_view digits) {
    std::uint16_t port = 0;
    const char* end = digits.data() + digits.size();
    const auto [last, failed] = std::from_chars(digits.data(), end, port);
    if (failed != std::errc() || last != end || port == 0) return std::nullopt;
    return port;
}

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view text) {
    Endpoint endpoint;
    endpoint.tls = text.starts_with(kHttps);
    if (!endpoint.tls && !text.starts_with(kHttp))
        return bad("must begin with http:// or https://");
    text.remove_prefix(endpoint.tls ? kHttps.size() : kHttp.size());
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    auto authority = endpoint.read_authority(text.substr(0, end));
    if (authority.has_error()) return authority.error();
    auto rest = endpoint.read_path(text.substr(end));
    if (rest.has_error()) return rest.error();
    return endpoint;
}

Result<void> Endpoint::read_authority(std::string_view text) {
    if (text.find('@') != std::string_view::npos)
        return bad("must not hold a user or password; use headers (Authorization)");
    const bool bracketed = text.starts_with('[');
    const std::size_t closing = text.find(']');
    if (bracketed && closing == std::string_view::npos) return bad("has a [ without its ]");
    const std::size_t host_end = bracketed ? closing + 1 : std::min(text.find(':'), text.size());
    host = bracketed ? text.substr(1, closing - 1) : text.substr(0, host_end);
    if (host.empty()) return bad("names no host");
    const auto fits = bracketed ? is_address_character : is_host_character;
    if (!std::ranges::all_of(host, fits)) return bad("has a host that is no name and no address");
    const std::string_view rest = text.substr(host_end);
    const std::uint16_t usual = tls ? 443 : 80;
    const auto given = rest.starts_with(':') ? read_port(rest.substr(1)) : std::nullopt;
    if (!rest.empty() && !given) return bad("has a port that is not a number from 1 to 65535");
    port = given.value_or(usual);
    authority = text.substr(0, host_end);
    if (port != usual) authority.append(":").append(std::to_string(port));
    return Result<void>();
}

Result<void> Endpoint::read_path(std::string_view text) {
    if (text.find_first_of("?#") != std::string_view::npos)
        return bad("must not have a query (?) or fragment (#)");
    if (!std::ranges::all_of(text, is_path_character))
        return bad("has a character in its path that URLs write as %XX");
    while (text.ends_with('/'))
        text.remove_suffix(1);
    if (text.ends_with("/v1/traces") || text.ends_with("/v1/metrics"))
        return bad("is the base URL: /v1/traces and /v1/metrics are added to it");
    path = text;
    return Result<void>();
}

std::string Endpoint::display() const {
    return std::string(tls ? kHttps : kHttp) + authority + path;
}

}  // namespace shadowcat::otlp
