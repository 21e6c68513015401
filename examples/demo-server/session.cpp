// SPDX-License-Identifier: Apache-2.0
// What the server remembers about its one client: revision, abilities, wishes, counters.
#include "session.hpp"

#include "identity.hpp"

#include <algorithm>
#include <array>

namespace demo {
namespace {

using Guard = std::lock_guard<std::mutex>;

constexpr std::array<std::string_view, 8> kLevels = {"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

}  // namespace

std::size_t log_rank(const std::string& level) {
    const auto found = std::find(kLevels.begin(), kLevels.end(), level);
    if (found == kLevels.end()) {
        throw RpcError(kInvalidParams, "Invalid params: unknown log level \"" + level + "\"");
    }
    return static_cast<std::size_t>(found - kLevels.begin());
}

bool declares(const Json& client_capabilities, std::string_view name) {
    if (!client_capabilities.is_object()) return false;
    const auto capability = client_capabilities.find(name);
    if (capability == client_capabilities.end()) return false;
    return name != "elicitation" || capability->contains("form") || !capability->contains("url");
}

Session::Session() : revision_(latest_session_revision()) {}

void Session::open(const Json& params) {
    const std::string revision = agreed_revision(string_param(params, "protocolVersion"));
    const Json capabilities = params.value("capabilities", Json::object());
    const Guard lock(mutex_);
    revision_ = revision;
    client_capabilities_ = capabilities;
}

void Session::note_use() {
    const Guard lock(mutex_);
    in_use_ = true;
}

bool Session::in_use() const {
    const Guard lock(mutex_);
    return in_use_;
}

std::string Session::revision() const {
    const Guard lock(mutex_);
    return revision_;
}

bool Session::client_can(std::string_view capability) const {
    const Guard lock(mutex_);
    return declares(client_capabilities_, capability);
}

void Session::set_log_level(const std::string& level) {
    const std::size_t rank = log_rank(level);
    const Guard lock(mutex_);
    log_level_ = rank;
}

bool Session::wants_log(const std::string& level) const {
    const std::size_t rank = log_rank(level);
    const Guard lock(mutex_);
    return rank >= log_level_;
}

void Session::subscribe(const std::string& uri) {
    const Guard lock(mutex_);
    subscriptions_.insert(uri);
}

void Session::unsubscribe(const std::string& uri) {
    const Guard lock(mutex_);
    subscriptions_.erase(uri);
}

bool Session::is_subscribed(const std::string& uri) const {
    const Guard lock(mutex_);
    return subscriptions_.contains(uri);
}

std::int64_t Session::count_request() {
    const Guard lock(mutex_);
    return ++requests_;
}

std::int64_t Session::requests_served() const {
    const Guard lock(mutex_);
    return requests_;
}

std::int64_t Session::counter() const {
    const Guard lock(mutex_);
    return counter_;
}

std::int64_t Session::add_to_counter(std::int64_t amount) {
    const Guard lock(mutex_);
    // Unsigned, so that a client that counts past the end wraps instead of overflowing.
    counter_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(counter_) +
                                         static_cast<std::uint64_t>(amount));
    return counter_;
}

bool Session::has_bonus() const {
    const Guard lock(mutex_);
    return bonus_;
}

bool Session::toggle_bonus() {
    const Guard lock(mutex_);
    return bonus_ = !bonus_;
}

}  // namespace demo
