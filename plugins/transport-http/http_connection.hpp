// SPDX-License-Identifier: Apache-2.0
// HttpConnection: one client's connection: reads requests, writes answers, keeps deadlines.
#pragma once

#include "shadowcat/sdk/gate.hpp"

#include "body_allowance.hpp"
#include "byte_stream.hpp"
#include "descriptor.hpp"
#include "listener_state.hpp"
#include "observed_exchange.hpp"
#include "read_buffer.hpp"
#include "request_parser.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::http {

/// How reading a part of a request ended.
enum class Arrival : std::uint8_t {
    complete,
    closed,     ///< nobody is there to be answered
    late,       ///< a deadline passed
    shed,       ///< there was no memory for it in time
    unreadable  ///< `parse_state()` says why
};

/// What becomes of what a client says while it is watched.
enum class Said : std::uint8_t { kept, discarded };

/// Belongs to one worker at a time, from `attach` to `detach`; driven by the one coroutine that
/// owns it (connection_loop). A failed write closes it; everything after that fails.
class HttpConnection {
public:
    HttpConnection(std::shared_ptr<ListenerState> state, Descriptor accepted);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // Where it lives.

    /// Settles on `group`'s worker; false when the connection is gone.
    bool attach(ConnectionGroup& group);

    /// Leaves its worker, so that it can attach to another; false when it can't (TLS).
    bool detach();

    /// The server's part of TLS, where the listener is configured for it. A client that speaks
    /// plain HTTP is told so.
    awaitable<bool> handshake();

    /// What the request under way is treated by: the listener's configuration when it began.
    const HttpListenerOptions& options() const noexcept { return *options_; }

    /// Who the client is. The views last as long as the connection, on any worker; the peer's text
    /// is made at the first call, which comes on the connection's worker.
    ClientInfo client_info();

    ListenerState& state() const noexcept { return *state_; }
    ConnectionGroup& group() const noexcept { return *group_; }
    std::string peer() const { return stream_->peer(); }

    // Requests.

    awaitable<Arrival> read_head();

    /// Reads no more than `max_bytes`, and only what the process has room for.
    awaitable<Arrival> read_body(std::size_t max_bytes);

    /// The same if the body came with the head, as it usually does; else false, and nothing
    /// happens.
    bool read_body_at_once(std::size_t max_bytes);

    /// Ready for the next request; false when there shall be none on this connection.
    bool next_request();

    /// True between the end of `read_body` and `next_request`.
    bool request_ready() const noexcept { return request_ready_; }
    const RequestHead& head() const noexcept { return head_; }

    /// The request's Origin and Host have passed: answers may be read by that origin.
    void allow_origin() noexcept { origin_allowed_ = true; }

    /// The group of the worker that owns the session which the request names; the connection's own
    /// when it names none.
    ConnectionGroup& owner();
    std::uint64_t bytes_in() const noexcept { return head_.content_length.value_or(body_size_); }
    std::string take_body() { return std::exchange(body_, std::string()); }
    ParseState parse_state() const noexcept { return parser_->state(); }

    // Answers.

    /// The answer in flight is the last.
    void close_after_response() noexcept { closing_ = true; }

    /// The rest of the request will not be read; the answer is the last.
    void abandon_request() noexcept { closing_ = abandoned_ = true; }

    bool is_closing() const noexcept { return closing_; }

    /// Begins a response head and returns it for more fields; an empty line must end it.
    std::string& begin_response(int status);

    /// A whole response; `fields` are whole lines. `body` must outlive the call.
    awaitable<bool> respond(int status, std::string_view type, std::string_view body,
                            std::string_view fields = {});

    /// `respond` in two steps: puts the answer together, ...
    void prepare_response(int status, std::string_view type, std::string_view body,
                          std::string_view fields = {});

    /// ... and writes it if that needs no waiting. If it does (false), `send_response` writes the
    /// rest.
    bool try_send_response();
    awaitable<bool> send_response() { return write(response_); }

    /// Answers with an error; `id` is the request's, as JSON, and `method` the message's, if they
    /// are known.
    awaitable<bool> refuse(const Refusal& refusal, std::string_view id = {},
                           std::string_view method = {});

    /// Writes all of it, in pieces that the write timeout applies to.
    awaitable<bool> write(std::span<const asio::const_buffer> buffers);

    bool response_begun() const noexcept { return response_begun_; }
    bool lost() const noexcept { return lost_; }

    /// Breaks the connection off without an answer.
    void sever() noexcept;

    // Observers.

    /// The exchange under way; null while nobody observes.
    ObservedExchange* observed() const noexcept { return observed_.get(); }
    std::uint64_t stream() const noexcept { return observed_ ? observed_->stream() : 0; }

    /// Whose it is; called on its worker.
    void tell_request(std::string_view session) {
        if (observed_) observed_->tell_request(group_->worker(), session);
    }
    void tell_response(std::string_view head) {
        if (observed_) observed_->tell_response(group_->worker(), head);
    }

    /// It is none of MCP's.
    void leave_unobserved() noexcept { observed_.reset(); }

    // Event streams.

    /// While on, silence is filled with keep-alive comments.
    void set_streaming(bool on) noexcept { streaming_ = on; }

    /// As `write`, and never in the middle of a comment or of one other event.
    awaitable<bool> write_event(std::span<const asio::const_buffer> buffers);

    // Clients that go away.

    /// Waits for the client to go away. What it says meanwhile is kept for its next request, or
    /// discarded. False when `end_watch` ended it, or more is kept than a read takes.
    awaitable<bool> watch(Said said);
    void end_watch() noexcept;

    /// `call` is called once, from the next `on_tick`, if it isn't replaced before: an answer that
    /// is there by then costs nothing more. It may set another, and destroys nothing.
    void when_slow(std::function<void()> call) { slow_ = std::move(call); }

    // The end.

    /// Says goodbye: lets the client read what was written even if it is still sending.
    awaitable<> end();

    /// The listener stops: now, or after the answer in flight.
    void stop() noexcept;

    void on_tick(TimePoint now);
    void set_slot(std::size_t slot) noexcept { slot_ = slot; }
    std::size_t slot() const noexcept { return slot_; }

private:
    enum class Phase : std::uint8_t { reading, answering, ending };

    bool follow_reload();
    awaitable<> refuse_plain_http();
    void refuse_handshake(const Error& why);
    awaitable<bool> rest(TimePoint deadline);
    awaitable<bool> find_room(std::size_t more, std::size_t max_bytes, TimePoint deadline);
    void release_memory();
    void cut_off();
    void note_lost(const error_code& why);
    awaitable<bool> hear(Said said);
    bool hear_at_once(Said said);
    std::size_t room_to_hear() const noexcept {
        return ReadBuffer::kUsual - buffer_.pending().size();
    }
    void keep(std::string_view said);
    awaitable<bool> fill(std::size_t size, TimePoint deadline);
    awaitable<bool> fill_body(asio::mutable_buffer room, TimePoint deadline);
    bool take(const ByteStream::Transferred& read);
    bool goes_on(const error_code& failed);
    awaitable<> ping(Gate::Pass pass);
    awaitable<> linger();
    Arrival arrived();
    void skip_empty_lines();
    void feed_head();
    void end_observed();
    void close() noexcept;
    TimePoint after(Duration limit) const { return group_->worker().now() + limit; }

    std::shared_ptr<ListenerState> state_;
    ConnectionGroup* group_ = nullptr;
    ConnectionGroup* owner_ = nullptr;  // of the request under way; null: not looked up yet
    std::size_t slot_ = 0;
    Descriptor descriptor_;  // while attached to no worker
    std::optional<ByteStream> stream_;
    ConnectionGroup::Options options_;  // shared: see there
    std::string principal_, peer_;

    ReadBuffer buffer_;
    RequestHead head_;
    std::string body_;
    std::uint64_t body_size_ = 0;
    BodyAllowance allowance_;
    std::optional<RequestParser> parser_;
    std::string out_;
    std::array<asio::const_buffer, 2> response_;  // head and body of the answer in flight

    TimePoint read_deadline_ = TimePoint::max();
    TimePoint write_deadline_ = TimePoint::max();
    TimePoint last_moment_ = TimePoint::max();  // once the listener stops
    TimePoint last_write_ = TimePoint::min();
    Phase phase_ = Phase::reading;
    bool resting_ = false;
    bool request_ready_ = false;
    bool origin_allowed_ = false;
    bool first_request_ = true;
    bool response_begun_ = false;
    bool closing_ = false;
    bool abandoned_ = false;
    bool expired_ = false;
    bool lost_ = false;
    bool streaming_ = false;
    bool watching_ = false;
    bool watch_ended_ = false;
    bool writing_event_ = false;
    Wakeup event_written_;
    Gate pings_;
    std::function<void()> slow_;
    std::unique_ptr<ObservedExchange> observed_;  // while somebody observes
};

}  // namespace shadowcat::http
