// SPDX-License-Identifier: Apache-2.0
// Keeping and finding messages of streams.
#include "core/session/replay_buffer.hpp"

#include <algorithm>
#include <charconv>

namespace shadowcat::core {

ReplayBuffer::Key ReplayBuffer::open(std::string name) {
    streams_.emplace_back(++last_key_, std::move(name));
    return last_key_;
}

std::string ReplayBuffer::mark(Key key) {
    Stream* of = stream(key);
    return of ? event_id(key, ++of->last) : std::string();
}

std::string ReplayBuffer::record(Key key, sdk::Message message, sdk::TimePoint now) {
    Stream* of = stream(key);
    if (!of) return {};
    bytes_ += message.bytes().size();
    records_.emplace_back(key, ++of->last, std::move(message), now);
    ++of->kept;
    const std::string id = event_id(key, of->last);
    while (records_.size() > 1 && (records_.size() > max_messages_ || bytes_ > max_bytes_))
        drop(records_.begin());
    forget_ended();
    return id;
}

void ReplayBuffer::close(Key key) {
    if (Stream* of = stream(key)) of->closed = true;
    forget_ended();
}

bool ReplayBuffer::is_open(Key key) const noexcept {
    const Stream* of = stream(key);
    return of && !of->closed;
}

std::optional<ReplayBuffer::Position> ReplayBuffer::find(std::string_view event_id) const {
    const std::size_t dot = event_id.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const std::string_view name = event_id.substr(0, dot), digits = event_id.substr(dot + 1);
    std::uint64_t number = 0;
    const auto read = std::from_chars(digits.begin(), digits.end(), number);
    if (read.ec != std::errc() || read.ptr != digits.end()) return std::nullopt;
    const auto of = std::ranges::find(streams_, name, &Stream::name);
    if (of == streams_.end() || number == 0 || number > of->last) return std::nullopt;
    return Position(of->key, number);
}

const ReplayBuffer::Record* ReplayBuffer::next(const Position& position) const {
    const auto found = std::ranges::find_if(records_, [&](const Record& each) {
        return each.stream == position.stream && each.number > position.number;
    });
    return found == records_.end() ? nullptr : &*found;
}

std::uint64_t ReplayBuffer::missing(const Position& position) const {
    const Stream* of = stream(position.stream);
    return of && of->dropped > position.number ? of->dropped - position.number : 0;
}

std::string ReplayBuffer::event_id(Key key, std::uint64_t number) const {
    const Stream* of = stream(key);
    return of ? of->name + "." + std::to_string(number) : std::string();
}

void ReplayBuffer::forget_before(sdk::TimePoint limit) {
    for (auto record = records_.begin(); record != records_.end() && record->since < limit;) {
        record = is_open(record->stream) ? std::next(record) : drop(record);
    }
    forget_ended();
}

ReplayBuffer::Stream* ReplayBuffer::stream(Key key) noexcept {
    const auto found = std::ranges::find(streams_, key, &Stream::key);
    return found == streams_.end() ? nullptr : &*found;
}

const ReplayBuffer::Stream* ReplayBuffer::stream(Key key) const noexcept {
    const auto found = std::ranges::find(streams_, key, &Stream::key);
    return found == streams_.end() ? nullptr : &*found;
}

std::list<ReplayBuffer::Record>::iterator ReplayBuffer::drop(std::list<Record>::iterator record) {
    Stream* of = stream(record->stream);
    of->dropped = record->number;
    --of->kept;
    bytes_ -= record->message.bytes().size();
    return records_.erase(record);
}

void ReplayBuffer::forget_ended() {
    std::erase_if(streams_, [](const Stream& each) { return each.closed && each.kept == 0; });
}

}  // namespace shadowcat::core
