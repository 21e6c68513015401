// SPDX-License-Identifier: Apache-2.0
// ReplayBuffer: what a session's streams carried, for clients that lost their connection.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Names every message of every stream `<stream>.<number>` and keeps the newest of them, over all
/// streams of one session: at most `max_messages` and `max_bytes`, but always the very last one,
/// which may be the response that everything was about. MCP 2025-11-25, basic/transports,
/// Resumability. No I/O.
class ReplayBuffer {
public:
    ReplayBuffer(std::size_t max_messages, std::size_t max_bytes)
        : max_messages_(max_messages), max_bytes_(max_bytes) {}

    /// A stream within this buffer; never used twice.
    using Key = std::uint32_t;

    /// The place behind one event of a stream.
    class Position {
    public:
        Position(Key of, std::uint64_t after) : stream(of), number(after) {}
        Key stream;
        std::uint64_t number;
    };

    class Record {
    public:
        Record(Key of, std::uint64_t which, sdk::Message what, sdk::TimePoint now)
            : stream(of), number(which), message(std::move(what)), since(now) {}
        Key stream;
        std::uint64_t number;
        sdk::Message message;
        sdk::TimePoint since;
    };

    /// Begins a stream that events call `name` (visible ASCII without a dot).
    Key open(std::string name);

    /// The id of an event that carries no message (the beginning of a connection).
    std::string mark(Key stream);

    /// Keeps `message` as the stream's next and gives its event id.
    std::string record(Key stream, sdk::Message message, sdk::TimePoint now);

    /// Nothing more will be recorded on `stream`; what it carried stays for a while.
    void close(Key stream);
    bool is_open(Key stream) const noexcept;

    /// Where `event_id` stands; nothing if it was never given out, or its stream is forgotten.
    std::optional<Position> find(std::string_view event_id) const;

    /// The first message behind `position` that is still kept, or null. Valid until the next
    /// change.
    const Record* next(const Position& position) const;

    /// How many events behind `position` are no longer kept.
    std::uint64_t missing(const Position& position) const;

    std::string event_id(Key stream, std::uint64_t number) const;

    /// Forgets what was recorded before `limit` on streams that are closed.
    void forget_before(sdk::TimePoint limit);

    bool empty() const noexcept { return streams_.empty(); }
    std::size_t messages() const noexcept { return records_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }

private:
    class Stream {
    public:
        Stream(Key with_key, std::string with_name) : key(with_key), name(std::move(with_name)) {}
        Key key;
        std::string name;
        std::uint64_t last = 0;     // number given out last
        std::uint64_t dropped = 0;  // highest number of a message no longer kept
        std::size_t kept = 0;
        bool closed = false;
    };

    Stream* stream(Key key) noexcept;
    const Stream* stream(Key key) const noexcept;
    std::list<Record>::iterator drop(std::list<Record>::iterator record);
    void forget_ended();

    std::size_t max_messages_, max_bytes_;
    std::size_t bytes_ = 0;
    Key last_key_ = 0;
    std::vector<Stream> streams_;  // few: those in flight and those with something kept
    std::list<Record> records_;    // oldest first
};

}  // namespace shadowcat::core
