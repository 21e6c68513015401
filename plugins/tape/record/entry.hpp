// SPDX-License-Identifier: Apache-2.0
// Entry: a message or an event on its way from a worker to the thread that writes it.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "format/event_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace shadowcat::tape {

/// What is the same in entries that say the same (but for when, and on which stream).
class EntryShape {
public:
    static constexpr std::size_t kPieces = 7;

    std::array<std::uint32_t, kPieces> ends{};  ///< of the pieces in the entry's text
    std::uint32_t text_bytes = 0;
    std::uint64_t data_bytes = 0;
    std::uint64_t retry_ms = 0;
    std::int32_t status = 0;
    EventRecord::Kind kind = EventRecord::Kind::session_opened;
    sdk::Hop hop = sdk::Hop::downstream;
    bool has_retry = false;
    bool is_message = false;
};
static_assert(std::has_unique_object_representations_v<EntryShape>);  // compared as bytes

/// What of an entry has a fixed size.
class EntryFacts {
public:
    sdk::TimePoint time{};  ///< when it was queued
    std::uint64_t exchange = 0;
    std::uint64_t stream = 0;
    std::uint32_t worker = 0;
    sdk::Direction direction = sdk::Direction::client_to_server;
    sdk::MessageKind message_kind = sdk::MessageKind::notification;
    sdk::Era era = sdk::Era::session;
    bool made_by_proxy = false;
    EntryShape shape;  ///< last: its bytes and those of the text are one piece of memory
};
static_assert(std::is_trivially_copyable_v<EntryFacts>);
static_assert(sizeof(EntryFacts) == offsetof(EntryFacts, shape) + sizeof(EntryShape));

/// What an entry will be packed from; refers to what it was made of.
class EntryParts : public EntryFacts {
public:
    EntryParts(const sdk::Message& message, const sdk::MessageContext& context,
               std::size_t on_worker);
    EntryParts(const sdk::TransportEvent& event, std::size_t on_worker);

    std::string_view session() const noexcept { return pieces_[0]; }
    std::size_t bytes() const noexcept { return sizeof(EntryFacts) + shape.text_bytes; }
    void copy_text(char* to) const;

private:
    void measure();

    std::array<std::string_view, EntryShape::kPieces> pieces_;
    std::span<const sdk::HeaderField> headers_;
};

/// Packed: its facts, and behind them all that has no fixed size, one piece behind the other.
/// Either in memory of its own or in a queue's, which must then outlive it. Nothing is redacted
/// here.
class Entry : public EntryFacts {
public:
    Entry(const sdk::Message& message, const sdk::MessageContext& context, std::size_t on_worker)
        : Entry(EntryParts(message, context, on_worker)) {}
    Entry(const sdk::TransportEvent& event, std::size_t on_worker)
        : Entry(EntryParts(event, on_worker)) {}
    explicit Entry(const EntryParts& parts);

    /// Refers to what was packed there.
    explicit Entry(const char* packed) : packed_(packed) {
        std::memcpy(static_cast<EntryFacts*>(this), packed, sizeof(EntryFacts));
    }

    /// From now on in memory of its own.
    void keep();

    bool is_message() const noexcept { return shape.is_message; }
    std::size_t bytes() const noexcept { return sizeof(EntryFacts) + shape.text_bytes; }
    void copy_text(char* to) const { std::memcpy(to, text(), shape.text_bytes); }

    std::string_view session() const { return piece(0); }
    std::string_view upstream() const { return piece(1); }

    // Of messages.
    std::string_view revision() const { return piece(2); }
    std::string_view method() const {
        return piece(3);
    }  ///< of a response: of its request, if known
    std::string_view name() const { return piece(4); }
    std::string_view id() const { return piece(5); }
    std::string_view message() const { return piece(6); }

    // Of events.
    EventRecord::Kind event_kind() const noexcept { return shape.kind; }
    sdk::Hop hop() const noexcept { return shape.hop; }
    std::string_view event_text() const { return piece(4); }

    /// All but the header fields, into one whose memory is used again.
    void copy_event(EventRecord& to) const;

    /// Calls `visit(bytes, name, value)` with each header field; `bytes` are those of both.
    template <class Visit>
    void for_each_header(Visit visit) const {
        const char* at = text() + shape.ends.back();
        for (const char* const end = text() + shape.text_bytes; at != end;) {
            std::array<std::uint32_t, 2> sizes{};
            std::memcpy(sizes.data(), at, sizeof(sizes));
            const std::string_view name(at + sizeof(sizes), sizes[0]);
            const std::string_view value(name.data() + name.size(), sizes[1]);
            const std::size_t size = sizeof(sizes) + name.size() + value.size();
            visit(std::string_view(at, size), name, value);
            at += size;
        }
    }

    /// Two entries for which these bytes are the same say the same.
    std::string_view likeness() const noexcept {
        return {packed_ + offsetof(EntryFacts, shape), sizeof(EntryShape) + shape.text_bytes};
    }

private:
    const char* text() const noexcept { return packed_ + sizeof(EntryFacts); }
    std::string_view piece(std::size_t index) const {
        const std::uint32_t begin = index == 0 ? 0 : shape.ends[index - 1];
        return {text() + begin, shape.ends[index] - begin};
    }

    const char* packed_;
    std::unique_ptr<char[]> own_;
};

}  // namespace shadowcat::tape
