// SPDX-License-Identifier: Apache-2.0
// Streams, their readers, and what is replayed.
#include "core/session/client_streams.hpp"

#include "core/session/session_id.hpp"

#include <algorithm>

namespace shadowcat::core {

/// A connection of the client, for as long as it listens.
class ClientStreams::Reader {
public:
    Reader(sdk::ReplyStream& stream, const ReplayBuffer::Position& from) : to(stream), seen(from) {}

    sdk::ReplyStream& to;
    ReplayBuffer::Position seen;
    std::optional<Outbox::Reader> outbox;  // on the standalone stream
    bool stopped = false;
    sdk::Wakeup arrival;    // this reader waits: for a message, or the end
    sdk::Wakeup caught_up;  // the call waits for this reader
};

class ClientStreams::Registration {
public:
    Registration(ClientStreams& streams, Reader& reader) : streams_(streams), reader_(reader) {
        streams_.readers_.push_back(&reader_);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    ~Registration() {
        std::erase(streams_.readers_, &reader_);
        reader_.caught_up.notify();
    }

private:
    ClientStreams& streams_;
    Reader& reader_;
};

ClientStreams::ClientStreams(sdk::Worker& worker, const SessionSettings& settings,
                             ProxyMetrics& metrics)
    : worker_(worker),
      settings_(settings),
      metrics_(metrics),
      outbox_(settings.max_outbox_messages),
      replay_(settings.replay_messages, settings.replay_bytes) {}

sdk::awaitable<bool> ClientStreams::queue(sdk::Message& message) {
    if (outbox_.full() && listening()) co_await outbox_.room();
    if (outbox_.full()) co_return false;
    outbox_.push(std::move(message), worker_.now());
    co_return true;
}

std::optional<sdk::Message> ClientStreams::pop_expired(sdk::TimePoint now) {
    if (listening()) return std::nullopt;
    return outbox_.pop_older_than(now - settings_.undelivered_timeout);
}

ClientStreams::Key ClientStreams::open_call() { return replay_.open(random_hex(6)); }

sdk::awaitable<> ClientStreams::wait_for_reader(Key call) {
    while (Reader* reader = reader_of(call)) {
        if (!replay_.next(reader->seen)) co_return;
        co_await reader->caught_up.wait();
    }
}

std::string ClientStreams::record(Key call, sdk::Message message) {
    std::string id = replay_.record(call, std::move(message), worker_.now());
    if (Reader* reader = reader_of(call)) reader->arrival.notify();
    return id;
}

void ClientStreams::close_call(Key call) {
    replay_.close(call);
    if (Reader* reader = reader_of(call)) reader->arrival.notify();
}

std::uint64_t ClientStreams::listening_stream() const noexcept {
    const auto reading =
        std::ranges::find_if(readers_, [](const Reader* each) { return each->outbox.has_value(); });
    return reading == readers_.end() ? 0 : (*reading)->to.stream();
}

bool ClientStreams::is_standalone(std::string_view last_event_id) const {
    if (last_event_id.empty()) return true;
    const auto position = replay_.find(last_event_id);
    return position && position->stream == standalone_;
}

sdk::Result<void> ClientStreams::can_listen(std::string_view last_event_id) const {
    if (last_event_id.empty() && listening()) {
        return sdk::downstream_error(sdk::ErrorCode::invalid_request,
                                     "the session has an open stream already");
    }
    if (last_event_id.empty()) return {};
    const auto position = replay_.find(last_event_id);
    if (!position) return unknown_event();
    const bool over = position->stream != standalone_ && !replay_.is_open(position->stream);
    if (over && !replay_.next(*position)) return nothing_left();
    return {};
}

sdk::awaitable<> ClientStreams::listen(sdk::ReplyStream& to, std::string_view last_event_id,
                                       bool primes) {
    const sdk::Gate::Pass pass = inside_.enter();
    const auto position = replay_.find(last_event_id);
    const bool is_call = position && position->stream != standalone_;
    if (Reader* former = is_call ? reader_of(position->stream) : nullptr) stop(*former);
    Reader reader(to, position ? *position : ReplayBuffer::Position(standalone(), 0));
    const Registration registration(*this, reader);
    if (is_call) {
        co_await read_call(reader);
    } else {
        co_await read_standalone(reader, primes && !position);
    }
}

/// Whoever names an event of the standalone stream has lost the connection that read it: that one
/// gives way, even if it doesn't know yet.
sdk::awaitable<> ClientStreams::read_standalone(Reader& reader, bool primes) {
    const bool resumes = reader.seen.number != 0;
    reader.outbox = outbox_.start();
    bool connected = true;
    if (resumes) connected = co_await replay(reader);
    if (primes && resumable()) {
        const std::string id = replay_.mark(reader.seen.stream);
        const sdk::Result<void> primed = co_await reader.to.prime(id);
        connected = primed.has_value();
    }
    if (connected) co_await read_outbox(reader);
    outbox_.stop(*reader.outbox);
}

sdk::awaitable<> ClientStreams::read_outbox(Reader& reader) {
    while (std::optional<sdk::Message> message = co_await outbox_.pop(*reader.outbox)) {
        const sdk::Result<void> written = co_await hand_over(reader, *std::move(message));
        if (written.has_error()) co_return;
    }
}

sdk::awaitable<sdk::Result<void>> ClientStreams::hand_over(Reader& reader, sdk::Message message) {
    if (!resumable()) co_return co_await reader.to.write(std::move(message));
    const std::string id = replay_.record(reader.seen.stream, message, worker_.now());
    co_return co_await reader.to.write_event(std::move(message), id);
}

sdk::awaitable<> ClientStreams::read_call(Reader& reader) {
    for (;;) {
        const bool connected = co_await replay(reader);
        if (!connected) co_return;
        reader.caught_up.notify();  // the call may go on, and record, before this returns
        if (replay_.next(reader.seen)) continue;
        if (reader.stopped || !replay_.is_open(reader.seen.stream)) co_return;
        co_await reader.arrival.wait();
    }
}

/// Writes what is kept behind what the reader has seen. False when it has gone.
sdk::awaitable<bool> ClientStreams::replay(Reader& reader) {
    while (!reader.stopped) {
        const std::uint64_t missing = replay_.missing(reader.seen);
        metrics_.replay_missed.add(static_cast<std::int64_t>(missing));
        reader.seen.number += missing;
        const ReplayBuffer::Record* next = replay_.next(reader.seen);
        if (!next) co_return true;
        reader.seen.number = next->number;
        sdk::Message message = next->message;
        const std::string id = replay_.event_id(next->stream, next->number);
        metrics_.replayed.add();
        const sdk::Result<void> written = co_await reader.to.write_event(std::move(message), id);
        if (written.has_error()) co_return false;
    }
    co_return false;
}

void ClientStreams::stop(const sdk::ReplyStream& to) {
    const auto found =
        std::ranges::find_if(readers_, [&](const Reader* each) { return &each->to == &to; });
    if (found != readers_.end()) stop(**found);
}

void ClientStreams::stop(Reader& reader) {
    reader.stopped = true;
    if (reader.outbox) {
        outbox_.stop(*reader.outbox);
    } else {
        reader.arrival.notify();
    }
}

sdk::Error ClientStreams::nothing_left() {
    return sdk::downstream_error(sdk::ErrorCode::closed,
                                 "the stream has ended, and nothing came after that event");
}

sdk::Error ClientStreams::unknown_event() {
    return sdk::downstream_error(sdk::ErrorCode::invalid_request,
                                 "the event named by Last-Event-ID is unknown or no longer kept");
}

void ClientStreams::stop_all() {
    const std::vector<Reader*> all = readers_;
    for (Reader* each : all) {
        if (std::ranges::find(readers_, each) != readers_.end()) stop(*each);
    }
}

bool ClientStreams::age(sdk::TimePoint now) {
    replay_.forget_before(now - kKeptFor);
    return readers_.empty() && outbox_.empty() && replay_.empty();
}

ClientStreams::Key ClientStreams::standalone() {
    if (!standalone_) standalone_ = replay_.open(random_hex(6));
    return *standalone_;
}

ClientStreams::Reader* ClientStreams::reader_of(Key call) const noexcept {
    const auto found = std::ranges::find_if(readers_, [&](const Reader* each) {
        return !each->outbox && !each->stopped && each->seen.stream == call;
    });
    return found == readers_.end() ? nullptr : *found;
}

}  // namespace shadowcat::core
