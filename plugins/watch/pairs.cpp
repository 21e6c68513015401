// SPDX-License-Identifier: Apache-2.0
// A list in order of time and an index of it.
#include "pairs.hpp"

#include <algorithm>

namespace shadowcat::watch {

namespace {

sdk::Direction opposite(sdk::Direction direction) {
    return direction == sdk::Direction::client_to_server ? sdk::Direction::server_to_client
                                                         : sdk::Direction::client_to_server;
}

}  // namespace

void Pairs::see(Record& record) {
    const Entry& entry = record.entry;
    if (entry.event == events::kSessionClosed) return end_session(entry.session);
    if (!record.cancelled_id.empty()) return cancel(record);
    if (entry.kind == Entry::Kind::request) return note(record);
    if (entry.is_response()) answer(record);
}

/// Of a request that went towards `asked`.
std::string Pairs::key_of(const Record& record, sdk::Direction asked) {
    const bool client = asked == sdk::Direction::client_to_server;
    std::string key = record.entry.session + (client ? '>' : '<') + record.entry.id;
    if (client && record.exchange != 0)
        key += '@' + std::to_string(record.worker) + ':' + std::to_string(record.exchange);
    return key;
}

void Pairs::note(const Record& record) {
    Request request;
    request.key = key_of(record, *record.entry.direction);
    request.entry = record.entry;
    request.entry.payload.clear();
    request.since = record.at;
    const auto known = by_key_.find(request.key);
    if (known != by_key_.end()) forget(known->second);
    if (requests_.size() >= max_in_flight_) forget(requests_.begin());
    requests_.push_back(std::move(request));
    by_key_[requests_.back().key] = std::prev(requests_.end());
}

void Pairs::answer(Record& record) {
    const auto known = by_key_.find(key_of(record, opposite(*record.entry.direction)));
    if (known == by_key_.end()) return;
    const Request& request = *known->second;
    record.entry.method = request.entry.method;
    record.entry.name = request.entry.name;
    record.entry.elapsed = record.at - request.since;
    forget(known->second);
}

/// Its answer may still come; that it doesn't is no news.
void Pairs::cancel(const Record& record) {
    const auto wanted = std::ranges::find_if(requests_, [&](const Request& request) {
        return request.entry.id == record.cancelled_id &&
               request.entry.session == record.entry.session &&
               request.entry.direction == record.entry.direction;
    });
    if (wanted != requests_.end()) wanted->settled = true;
}

void Pairs::end_session(const std::string& session) {
    for (auto request = requests_.begin(); request != requests_.end();)
        request = request->entry.session == session ? forget(request) : std::next(request);
}

Pairs::Requests::iterator Pairs::forget(Requests::iterator request) {
    by_key_.erase(request->key);
    return requests_.erase(request);
}

std::vector<Entry> Pairs::overdue(sdk::TimePoint now, sdk::Duration patience) {
    std::vector<Entry> late;
    for (Request& request : requests_) {
        if (now - request.since < patience) break;
        if (std::exchange(request.settled, true)) continue;
        Entry entry = request.entry;
        entry.kind = Entry::Kind::event;
        entry.event = events::kWaiting;
        entry.time +=
            std::chrono::duration_cast<std::chrono::system_clock::duration>(now - request.since);
        entry.elapsed = now - request.since;
        entry.detail.clear();
        late.push_back(std::move(entry));
    }
    return late;
}

void Pairs::clear() {
    by_key_.clear();
    requests_.clear();
}

}  // namespace shadowcat::watch
