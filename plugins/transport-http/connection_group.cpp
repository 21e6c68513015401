// SPDX-License-Identifier: Apache-2.0
// One sweep per worker instead of a timer per operation.
#include "connection_group.hpp"

#include "shadowcat/sdk/log.hpp"

#include "http_connection.hpp"

#include <array>
#include <ctime>

namespace shadowcat::http {

namespace {

constexpr Duration kWarningInterval = std::chrono::seconds(1);
constexpr std::size_t kLongestLoggedValue = 128;

}  // namespace

ConnectionGroup::ConnectionGroup(Worker& worker, Service& service, Options options)
    : worker_(worker), service_(service), options_(std::move(options)) {
    refresh_date();
}

awaitable<> ConnectionGroup::open() {
    tick_ = worker_.every_tick([this](TimePoint now) { sweep(now); });
    co_return;
}

void ConnectionGroup::begin_stop() {
    gate_.close();
    for (std::size_t i = connections_.size(); i-- > 0;) {
        if (i < connections_.size()) connections_[i]->stop();
    }
}

awaitable<> ConnectionGroup::stopped() {
    co_await gate_.empty();
    tick_ = Worker::Tick();
}

void ConnectionGroup::add(HttpConnection& connection) {
    connection.set_slot(connections_.size());
    connections_.push_back(&connection);
}

void ConnectionGroup::remove(HttpConnection& connection) noexcept {
    const std::size_t slot = connection.slot();
    connections_[slot] = connections_.back();
    connections_[slot]->set_slot(slot);
    connections_.pop_back();
}

/// Backwards, because a connection that ends meanwhile has the last one take its place.
void ConnectionGroup::sweep(TimePoint now) {
    refresh_date();
    for (std::size_t i = connections_.size(); i-- > 0;) {
        if (i < connections_.size()) connections_[i]->on_tick(now);
    }
}

void ConnectionGroup::refresh_date() {
    const std::time_t now = std::time(nullptr);
    if (now == date_) return;
    date_ = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 64> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    date_field_.assign(text.data(), size);
}

void ConnectionGroup::warn_refused(Reason reason, std::string_view value, const std::string& peer) {
    Warning& warning = warnings_[static_cast<std::size_t>(reason)];
    ++warning.unlogged;
    if (worker_.now() < warning.next) return;
    warning.next = worker_.now() + kWarningInterval;
    log::warn("client refused", {{"reason", name(reason)},
                                 {"value", value.substr(0, kLongestLoggedValue)},
                                 {"peer", peer},
                                 {"count", warning.unlogged}});
    warning.unlogged = 0;
}

}  // namespace shadowcat::http
