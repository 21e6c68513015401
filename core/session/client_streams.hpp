// SPDX-License-Identifier: Apache-2.0
// ClientStreams: the event streams of one session, those it has and those it may resume.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/observe/proxy_metrics.hpp"
#include "core/session/outbox.hpp"
#include "core/session/replay_buffer.hpp"
#include "core/session/session_settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// Two kinds: the standalone stream, which takes from the outbox what the server says by itself,
/// and one for every call whose answer is more than a response. Made when a session first needs
/// one of them. A reader is a client's connection that listens to the former or resumes the latter.
class ClientStreams {
public:
    using Key = ReplayBuffer::Key;

    /// How long what ended streams carried is kept.
    static constexpr std::chrono::seconds kKeptFor = std::chrono::seconds(120);

    ClientStreams(sdk::Worker& worker, const SessionSettings& settings, ProxyMetrics& metrics);

    // What the server says by itself.

    /// Queues `message` for the standalone stream, waiting for room while that is read. False, and
    /// `message` untouched, when there is none.
    sdk::awaitable<bool> queue(sdk::Message& message);

    /// A message that waited for too long while nobody listened.
    std::optional<sdk::Message> pop_expired(sdk::TimePoint now);

    // What calls say, in the order in which they do.

    /// Whether calls' streams can be resumed at all.
    bool resumable() const noexcept { return settings_.replay_messages != 0; }

    Key open_call();

    /// The event id of a connection's beginning, before anything was recorded.
    std::string mark(Key call) { return replay_.mark(call); }

    /// Waits until the reader that resumed `call`, if there is one, has what was recorded so far.
    sdk::awaitable<> wait_for_reader(Key call);

    /// Keeps a message of `call`, wakes its reader, gives the event id.
    std::string record(Key call, sdk::Message message);

    /// Whether a reader has resumed `call`: it takes what its first connection would have got.
    bool resumed(Key call) const noexcept { return reader_of(call) != nullptr; }
    void close_call(Key call);

    // What clients do.

    bool listening() const noexcept { return outbox_.reading(); }

    /// `ReplyStream::stream` of the connection that the standalone stream is written to; 0 when
    /// there is none.
    std::uint64_t listening_stream() const noexcept;
    bool has_readers() const noexcept { return !readers_.empty(); }

    /// Whether `last_event_id` (which may be empty) names the standalone stream.
    bool is_standalone(std::string_view last_event_id) const;
    sdk::Result<void> can_listen(std::string_view last_event_id) const;
    static sdk::Error nothing_left();
    static sdk::Error unknown_event();

    /// As `ClientSession::listen`, once `can_listen`. `primes`: the client takes empty events.
    sdk::awaitable<> listen(sdk::ReplyStream& to, std::string_view last_event_id, bool primes);
    void stop(const sdk::ReplyStream& to);
    void stop_all();

    /// Completes when no reader is left.
    sdk::awaitable<> left() { return inside_.empty(); }

    /// Forgets what is too old. True when nothing is left that would be missed.
    bool age(sdk::TimePoint now);

private:
    class Reader;
    class Registration;

    sdk::awaitable<> read_standalone(Reader& reader, bool primes);
    sdk::awaitable<> read_outbox(Reader& reader);
    sdk::awaitable<> read_call(Reader& reader);
    sdk::awaitable<bool> replay(Reader& reader);
    sdk::awaitable<sdk::Result<void>> hand_over(Reader& reader, sdk::Message message);
    Key standalone();
    Reader* reader_of(Key call) const noexcept;
    void stop(Reader& reader);

    sdk::Worker& worker_;
    const SessionSettings& settings_;
    ProxyMetrics& metrics_;
    Outbox outbox_;
    ReplayBuffer replay_;
    std::optional<Key> standalone_;
    std::vector<Reader*> readers_;
    sdk::Gate inside_;
};

}  // namespace shadowcat::core
