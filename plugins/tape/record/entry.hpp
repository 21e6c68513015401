// SPDX-License-Identifier: Apache-2.0
// Entry: a message or an event on its way from a worker to the thread that writes it.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "format/event_record.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Everything that has no fixed size stands in one string, one piece behind the other: making an
/// entry costs the worker one allocation and one copy of the bytes. Nothing is redacted here.
class Entry {
public:
    Entry(const sdk::Message& message, const sdk::MessageContext& context, std::size_t on_worker);
    Entry(const sdk::TransportEvent& event, std::size_t on_worker);

    bool is_message() const noexcept { return is_message_; }
    std::size_t bytes() const noexcept { return sizeof(Entry) + text_.size(); }

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
    EventRecord event() const;
    void copy_event(EventRecord& to) const;  ///< into one whose memory is used again
    sdk::Hop hop() const noexcept { return hop_; }

    sdk::TimePoint time{};  ///< when it was queued
    std::size_t worker;
    sdk::Direction direction = sdk::Direction::client_to_server;
    sdk::MessageKind message_kind = sdk::MessageKind::notification;
    sdk::Era era = sdk::Era::session;
    bool made_by_proxy = false;
    EventRecord::Kind event_kind = EventRecord::Kind::session_opened;
    std::uint64_t exchange = 0;
    std::uint64_t stream = 0;

private:
    static constexpr std::size_t kPieces = 7;

    void pack(std::initializer_list<std::string_view> pieces, std::size_t more = 0);
    std::string_view piece(std::size_t index) const;

    bool is_message_;
    sdk::Hop hop_ = sdk::Hop::downstream;
    int status_ = 0;
    std::size_t data_bytes_ = 0;
    std::optional<std::uint64_t> retry_ms_;
    std::array<std::size_t, kPieces> ends_{};
    std::string text_;  // the pieces, then an event's headers: each a size (4 bytes) and its text
};

}  // namespace shadowcat::tape
