// SPDX-License-Identifier: Apache-2.0
// Finds out where to connect to, and reports what came of it.
#include "tcp_connect.hpp"

#include "tcp_attempt.hpp"

#include <stdexcept>

namespace shadowcat::pool {

namespace {

HostPort place_of(const std::string& address, const std::string& target) {
    const auto place = address.empty() ? HostPort::of_url(target) : HostPort::parse(address);
    if (place.has_value()) return *place;
    if (!address.empty())
        throw std::runtime_error("address: \"" + address + "\" " + place.error().message());
    throw std::runtime_error(
        "the upstream has no http:// or https:// URL to connect to; give `address: host:port`, or "
        "check it with mcp_ping or process_alive");
}

std::string text_of(sdk::Duration limit) {
    const auto count = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return std::to_string(count) + " ms";
}

}  // namespace

sdk::Schema TcpConnect::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("address",
                           "Where to connect to, as host:port. Default: host and port of the "
                           "upstream's url."));
    return schema;
}

TcpConnect::TcpConnect(const sdk::Json& config, const sdk::HealthContext& context)
    : worker_(context.worker),
      timeout_(context.timeout),
      place_(place_of(config.value("address", ""), context.target)) {}

sdk::Error TcpConnect::failure(sdk::error_code failed) const {
    const bool late = failed == sdk::asio::error::timed_out;
    const std::string why = late ? "no connection within " + text_of(timeout_) : failed.message();
    return sdk::upstream_error(late ? sdk::ErrorCode::timed_out : sdk::ErrorCode::unreachable,
                               place_.text() + ": " + why);
}

sdk::awaitable<sdk::Result<void>> TcpConnect::check(sdk::HealthTarget&) {
    const auto attempt = std::make_shared<TcpAttempt>(worker_.executor());
    const sdk::error_code failed = co_await attempt->run(place_, timeout_);
    if (failed) co_return failure(failed);
    co_return sdk::Result<void>();
}

}  // namespace shadowcat::pool
