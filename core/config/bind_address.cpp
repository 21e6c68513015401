// SPDX-License-Identifier: Apache-2.0
// Parses host and port.
#include "core/config/bind_address.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace shadowcat::core {

namespace {

std::optional<std::uint16_t> parse_port(const std::string& text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, port);
    if (text.empty() || failed != std::errc() || stop != end) return std::nullopt;
    return port;
}

bool is_host_name(const std::string& text) {
    return !text.empty() && text.find_first_of(":[]/ \t\r\n@") == std::string::npos;
}

bool is_ipv6(const std::string& text) {
    boost::system::error_code failed;
    boost::asio::ip::make_address_v6(text, failed);
    return !failed;
}

}  // namespace

bool BindAddress::is_loopback() const {
    if (host == "localhost") return true;
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(host, failed);
    return !failed && address.is_loopback();
}

std::optional<BindAddress> parse_bind_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    const std::optional<std::uint16_t> port = parse_port(text.substr(colon + 1));
    std::string host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!port || !(bracketed ? is_ipv6(host) : is_host_name(host))) return std::nullopt;
    return BindAddress(std::move(host), *port);
}

}  // namespace shadowcat::core
