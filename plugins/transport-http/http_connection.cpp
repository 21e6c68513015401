// SPDX-License-Identifier: Apache-2.0
// Where a connection lives, how it begins and ends, and its deadlines.
#include "http_connection.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

constexpr Duration kLinger = std::chrono::seconds(2);
constexpr Duration kStopGrace = std::chrono::seconds(2);

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<ListenerState> state, Descriptor accepted)
    : state_(std::move(state)),
      descriptor_(std::move(accepted)),
      allowance_(state_->host.bytes_in_flight()) {
    state_->connections.fetch_add(1, std::memory_order_relaxed);
    state_->metrics.opened();
}

HttpConnection::~HttpConnection() {
    if (group_) group_->remove(*this);
    state_->metrics.closed();
    state_->connections.fetch_sub(1, std::memory_order_relaxed);
}

bool HttpConnection::attach(ConnectionGroup& group) {
    error_code failed;
    stream_.emplace(ByteStream::adopt(group.worker().executor(), descriptor_.number(), failed));
    if (failed) {
        log::warn("connection lost", {{"error", failed.message()}});
        return false;
    }
    descriptor_.release();
    stream_->set_no_delay();
    group_ = &group;
    group.add(*this);
    follow_reload();
    stream_->set_keep_alive(options_->keepalive);
    return true;
}

bool HttpConnection::detach() {
    if (stream_->is_tls()) return false;
    descriptor_ = Descriptor(stream_->release());
    if (!descriptor_.valid()) return false;
    stream_.reset();
    group_->remove(*this);
    group_ = nullptr;
    return true;
}

/// Between requests: what a reload changed counts from the next one on. True when it did.
bool HttpConnection::follow_reload() {
    if (options_ == group_->options()) return false;
    options_ = group_->options();
    return true;
}

ClientInfo HttpConnection::client_info() {
    if (peer_.empty()) peer_ = stream_->peer();
    return ClientInfo(principal_, peer_);
}

awaitable<bool> HttpConnection::handshake() {
    if (!options_->tls || stream_->is_tls()) co_return true;
    const TimePoint until = Clock::now() + options_->header_timeout;
    const auto [failed, first] = co_await stream_->peek(options_->header_timeout);
    if (failed) co_return false;
    if (first >= 'A' && first <= 'Z') {
        co_await refuse_plain_http();
        co_return false;
    }
    client_info();  // a failure is about a peer that is gone already
    const Duration left = std::max(until - Clock::now(), Duration(1));
    const Result<void> done = co_await stream_->accept_tls(*options_->tls, left);
    if (!done) refuse_handshake(done.error());
    principal_ = stream_->principal();
    co_return done.has_value();
}

/// A TLS record can't begin with a letter, and a method can't begin otherwise.
awaitable<> HttpConnection::refuse_plain_http() {
    state_->metrics.refused(Reason::plain_http);
    group_->warn_refused(Reason::plain_http, "plain HTTP on a TLS port", peer());
    abandon_request();
    co_await respond(400, "text/plain", "this port speaks TLS: use https\n");
}

void HttpConnection::refuse_handshake(const Error& why) {
    if (lost_) return;  // the listener stops
    group_->warn_refused(Reason::tls_handshake, why.message(), peer_);
    state_->metrics.refused(Reason::tls_handshake);
}

ConnectionGroup& HttpConnection::owner() {
    const SingleHeader& id = head_.session_id;
    if (!owner_) owner_ = id.present() ? &state_->owner_of(id.value()) : group_;
    return *owner_;
}

bool HttpConnection::next_request() {
    end_observed();
    owner_ = nullptr;
    request_ready_ = origin_allowed_ = response_begun_ = streaming_ = watch_ended_ = false;
    first_request_ = false;
    allowance_.release();
    phase_ = Phase::reading;
    buffer_.shrink();
    return !lost_ && !closing_ && head_.keep_alive && !group_->stopping();
}

void HttpConnection::close() noexcept {
    lost_ = true;
    stream_->close();
    allowance_.interrupt();
}

void HttpConnection::sever() noexcept {
    if (lost_) return;
    if (observed_) observed_->ends_as("severed");
    stream_->reset();
    close();
}

void HttpConnection::end_observed() {
    if (!observed_) return;
    observed_->tell_end(group_->worker(), lost_ ? "client gone" : "complete");
    observed_.reset();
}

/// What a connection that waits for its next request can do without, beside its buffer.
void HttpConnection::release_memory() {
    if (out_.capacity() <= std::string().capacity()) return;
    head_ = RequestHead();
    std::string().swap(out_);
    std::string().swap(body_);
}

/// A client that doesn't take its answer.
void HttpConnection::cut_off() {
    state_->metrics.cut_off(Cut::not_reading);
    if (observed_) observed_->ends_as("client does not read");
    log::info("client cut off",
              {{"peer", peer()}, {"reason", "it did not read its answer in time"}});
    close();
}

/// Keep-alive probes without an answer: the client vanished without a word.
void HttpConnection::note_lost(const error_code& why) {
    if (why != asio::error::timed_out) return;
    state_->metrics.cut_off(Cut::silent);
    log::info("client cut off", {{"peer", peer()}, {"reason", "it vanished: " + why.message()}});
}

awaitable<> HttpConnection::end() {
    phase_ = Phase::ending;
    streaming_ = false;
    co_await pings_.empty();
    end_observed();
    if (lost_) co_return;
    if (stream_->is_tls()) {
        co_await stream_->shutdown(kLinger);
    } else {
        co_await linger();
    }
}

/// Closing with unread input resets the connection, and the client may lose our last answer.
awaitable<> HttpConnection::linger() {
    const TimePoint deadline = after(kLinger);
    bool more = abandoned_ || !buffer_.empty();
    if (more) stream_->shutdown_send();
    while (more) {
        buffer_.consume(buffer_.pending().size());
        more = co_await fill(ReadBuffer::kUsual, deadline);
    }
    close();
}

void HttpConnection::stop() noexcept {
    if (phase_ == Phase::reading) {
        close();
    } else {
        last_moment_ = after(kStopGrace);
    }
}

void HttpConnection::on_tick(TimePoint now) {
    if (slow_) std::exchange(slow_, nullptr)();
    if (watching_ && watch_ended_) stream_->cancel();  // TLS can go on reading after the first
    if (now >= last_moment_) return close();
    if (now >= write_deadline_) return cut_off();
    if (resting_) release_memory();
    if (now >= read_deadline_) {
        read_deadline_ = TimePoint::max();
        expired_ = true;
        stream_->cancel();  // and not closed: the reader may want to answer 408
    } else if (streaming_ && !writing_event_ && now - last_write_ >= options_->ping_interval) {
        writing_event_ = true;
        spawn_logged(group_->worker(), ping(pings_.enter()), "http.ping");
    }
}

}  // namespace shadowcat::http
