// SPDX-License-Identifier: Apache-2.0
// A table with two ways in.
#include "record/open_requests.hpp"

#include <utility>

namespace shadowcat::tape {

namespace {

std::string key_of(std::string_view scope, sdk::Direction direction, std::string_view id) {
    std::string key(1, direction == sdk::Direction::client_to_server ? '>' : '<');
    key.append(scope).append(1, '\0').append(id);
    return key;
}

}  // namespace

void OpenRequests::add(std::string_view scope, OpenRequest request) {
    Kept kept;
    kept.key = key_of(scope, request.direction, request.id);
    const std::uint64_t seq = request.seq;
    numbers_.insert_or_assign(kept.key, seq);
    kept.request = std::move(request);
    requests_.insert_or_assign(seq, std::move(kept));
    if (requests_.size() <= kMax) return;
    const auto oldest = requests_.begin();
    const auto number = numbers_.find(oldest->second.key);
    if (number != numbers_.end() && number->second == oldest->first) numbers_.erase(number);
    requests_.erase(oldest);
}

std::optional<OpenRequest> OpenRequests::take(std::string_view scope, sdk::Direction direction,
                                              std::string_view id) {
    const bool to_client = direction == sdk::Direction::server_to_client;
    const auto number = numbers_.find(key_of(
        scope, to_client ? sdk::Direction::client_to_server : sdk::Direction::server_to_client,
        id));
    if (number == numbers_.end()) return std::nullopt;
    const auto found = requests_.find(number->second);
    numbers_.erase(number);
    if (found == requests_.end()) return std::nullopt;
    OpenRequest request = std::move(found->second.request);
    requests_.erase(found);
    return request;
}

std::vector<OpenRequest> OpenRequests::take_all() {
    std::vector<OpenRequest> all;
    for (auto& [seq, kept] : requests_)
        all.push_back(std::move(kept.request));
    requests_.clear();
    numbers_.clear();
    return all;
}

}  // namespace shadowcat::tape
