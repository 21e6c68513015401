// SPDX-License-Identifier: Apache-2.0
// A hash table with chains, and a list of all by age.
#include "record/open_requests.hpp"

#include <functional>
#include <utility>

namespace shadowcat::tape {

namespace {

std::size_t hash_of(std::uint64_t scope, sdk::Direction of_request, std::string_view id) {
    const std::size_t side = of_request == sdk::Direction::client_to_server ? 0 : 1;
    return std::hash<std::string_view>()(id) ^ ((scope * 2 + side) * 0x9E3779B97F4A7C15);
}

}  // namespace

OpenRequests::Index OpenRequests::find(std::uint64_t scope, sdk::Direction of_request,
                                       std::string_view id) const {
    if (buckets_.empty()) return kNone;
    const std::size_t hash = hash_of(scope, of_request, id);
    for (Index at = buckets_[hash & (buckets_.size() - 1)]; at != kNone; at = places_[at].next) {
        const Place& place = places_[at];
        if (place.hash == hash && place.scope == scope && place.request.direction == of_request &&
            place.request.id == id)
            return at;
    }
    return kNone;
}

/// Twice as many buckets.
void OpenRequests::grow() {
    buckets_.assign(buckets_.empty() ? 16 : buckets_.size() * 2, kNone);
    for (Index at = oldest_; at != kNone; at = places_[at].younger)
        if (places_[at].found) places_[at].next = std::exchange(bucket(places_[at].hash), at);
}

OpenRequests::Index OpenRequests::free_place() {
    if (free_ != kNone) return std::exchange(free_, places_[free_].next);
    places_.emplace_back();
    return static_cast<Index>(places_.size() - 1);
}

void OpenRequests::add(std::uint64_t scope, OpenRequest request) {
    if (const Index former = find(scope, request.direction, request.id); former != kNone)
        hide(former);
    if (count_ == kMax) remove(oldest_);
    if (count_ == buckets_.size()) grow();
    const Index at = free_place();
    Place& place = places_[at];
    place.hash = hash_of(scope, request.direction, request.id);
    place.scope = scope;
    place.request = std::move(request);
    place.next = std::exchange(bucket(place.hash), at);
    place.found = true;
    place.younger = kNone;
    place.older = std::exchange(youngest_, at);
    (place.older == kNone ? oldest_ : places_[place.older].younger) = at;
    ++count_;
}

/// Takes it out of its bucket.
void OpenRequests::hide(Index index) {
    if (!std::exchange(places_[index].found, false)) return;
    Index* at = &bucket(places_[index].hash);
    while (*at != index)
        at = &places_[*at].next;
    *at = places_[index].next;
}

OpenRequest OpenRequests::remove(Index index) {
    hide(index);
    Place& place = places_[index];
    (place.older == kNone ? oldest_ : places_[place.older].younger) = place.younger;
    (place.younger == kNone ? youngest_ : places_[place.younger].older) = place.older;
    place.next = std::exchange(free_, index);
    --count_;
    return std::move(place.request);
}

std::optional<OpenRequest> OpenRequests::take(std::uint64_t scope, sdk::Direction direction,
                                              std::string_view id) {
    const bool to_client = direction == sdk::Direction::server_to_client;
    const Index at = find(
        scope, to_client ? sdk::Direction::client_to_server : sdk::Direction::server_to_client, id);
    if (at == kNone) return std::nullopt;
    return remove(at);
}

std::vector<OpenRequest> OpenRequests::take_all() {
    std::vector<OpenRequest> all;
    while (oldest_ != kNone)
        all.push_back(remove(oldest_));
    return all;
}

}  // namespace shadowcat::tape
