// SPDX-License-Identifier: Apache-2.0
// Reading, writing, losing and closing one child.
#include "child_connection.hpp"

#include "shadowcat/sdk/batch.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace shadowcat::transport_stdio {

namespace {

// A child that closes its pipes is mostly about to exit, and its status says more than the pipe
// does.
constexpr std::chrono::milliseconds kExitPatience(250);

// What an exited child left in its stdout: a pipe holds at most 1 MiB. Bounded, because something
// that it started and that left its group may go on writing.
constexpr int kMaxLeftoverReads = 256;

// On top of what the ladder takes by itself: two graces, and SIGKILL, twice: for the child, and for
// what it left.
constexpr std::chrono::seconds kCloseMargin(15);

}  // namespace

ChildConnection::ChildConnection(sdk::Worker& worker, Launched launched, ConnectionOptions options)
    : worker_(worker),
      child_(worker.executor(), std::move(launched.process), options.upstream, options.metrics),
      input_(make_stream(worker.executor(), std::move(launched.input))),
      output_(make_stream(worker.executor(), std::move(launched.output))),
      writer_(input_),
      framer_(options.limits.max_bytes, options.passes_text),
      noise_(options.upstream, child_.pid()),
      metrics_(options.metrics),
      limits_(options.limits),
      grace_(options.grace),
      passes_text_(options.passes_text),
      finished_(worker.executor()) {
    output_.non_blocking(true);
    if (!launched.errors) return;
    errors_.emplace(worker, std::move(launched.errors), options.upstream, child_.pid(),
                    options.passes_stderr);
}

void ChildConnection::start() {
    sdk::spawn_logged(worker_, watch_child(shared_from_this()), "stdio.watch");
    if (errors_) sdk::spawn_logged(worker_, log_stderr(shared_from_this()), "stdio.stderr");
}

sdk::awaitable<> ChildConnection::watch_child(Self self) {
    co_await self->child_.watch();
    self->release_streams();
    co_await self->child_.end_leftovers(self->grace_);
    co_await self->tasks_.empty();
    self->finished_.happen();
}

sdk::awaitable<> ChildConnection::log_stderr(Self self) {
    const sdk::Gate::Pass pass = self->tasks_.enter();
    co_await self->errors_->run();
}

sdk::awaitable<> ChildConnection::climb_ladder(Self self) {
    const sdk::Gate::Pass pass = self->tasks_.enter();
    const bool ended = co_await self->child_.end(self->grace_);
    if (!ended) self->release_streams();
}

sdk::awaitable<> ChildConnection::discard_output(Self self) {
    const sdk::Gate::Pass pass = self->tasks_.enter();
    self->framer_.clear();
    const std::span<char> free = self->framer_.prepare();
    const asio::mutable_buffer space(free.data(), free.size());
    for (bool more = true; more;) {
        const auto [failed, count] = co_await self->output_.async_read_some(space, sdk::as_tuple);
        more = !failed;
    }
}

void ChildConnection::release_streams() {
    close_quietly(input_);
    if (errors_) errors_->stop();
    if (closing_) {
        close_quietly(output_);
    } else {
        cancel_quietly(output_);  // a pending `receive` takes what is left, then says why
    }
}

sdk::awaitable<sdk::Result<void>> ChildConnection::send(std::span<sdk::Message> messages) {
    if (!input_.is_open()) co_return end_error();
    const sdk::error_code failed = co_await writer_.write(messages);
    if (!failed) co_return sdk::Result<void>();
    co_await give_up("closed its stdin");
    co_return end_error();
}

sdk::awaitable<sdk::Result<sdk::Message>> ChildConnection::receive() {
    while (!closing_) {
        if (std::optional<sdk::Message> message = next_message()) co_return *std::move(message);
        if (output_over_) break;
        co_await read_more();
    }
    co_return end_error();
}

std::optional<sdk::Message> ChildConnection::next_message() {
    if (!rest_of_batch_.empty()) {
        sdk::Message next = std::move(rest_of_batch_.front());
        rest_of_batch_.pop_front();
        return next;
    }
    std::string kept;  // only where what is no message passes
    for (;;) {
        std::optional<std::string> line = framer_.next();
        report_oversized();
        if (!line) return std::nullopt;
        const Excerpt excerpt(*line);
        if (passes_text_) {
            if (LineFramer::is_blank(*line)) return sdk::Message::opaque(*std::move(line));
            kept = *line;
        }
        sdk::Result<sdk::Message> parsed = first_message_of(*std::move(line));
        if (parsed.has_value()) return *std::move(parsed);
        metrics_.noise_line();
        noise_.not_a_message(excerpt, parsed.error(), passes_text_ ? "passed on" : "skipped");
        if (passes_text_) return sdk::Message::opaque(std::move(kept));
    }
}

/// Servers of 2025-03-26 may write batches, whose messages go on one by one.
sdk::Result<sdk::Message> ChildConnection::first_message_of(std::string line) {
    if (!sdk::is_batch(line)) return sdk::Message::parse(std::move(line), limits_);
    sdk::Result<std::vector<sdk::Message>> batch = sdk::split_batch(line, limits_);
    if (batch.has_error()) return batch.error();
    std::move(batch->begin() + 1, batch->end(), std::back_inserter(rest_of_batch_));
    return std::move(batch->front());
}

void ChildConnection::report_oversized() {
    for (std::size_t dropped = framer_.take_oversized(); dropped > 0; --dropped) {
        metrics_.oversized_line();
        noise_.too_large(limits_.max_bytes);
    }
}

sdk::awaitable<> ChildConnection::read_more() {
    const std::span<char> free = framer_.prepare();
    const asio::mutable_buffer space(free.data(), free.size());
    if (child_.exited()) {
        read_leftovers(space);
        co_return;
    }
    const auto [failed, count] = co_await output_.async_read_some(space, sdk::as_tuple);
    framer_.commit(count);
    if (!failed || closing_ || child_.exited()) co_return;
    co_await give_up("closed its stdout");
    end_of_output();
}

void ChildConnection::read_leftovers(asio::mutable_buffer space) {
    sdk::error_code failed;
    framer_.commit(output_.read_some(space, failed));
    if (failed || ++leftover_reads_ >= kMaxLeftoverReads) end_of_output();
}

void ChildConnection::end_of_output() {
    framer_.end();
    output_over_ = true;
    close_quietly(output_);
}

/// A child that is still there after a moment is lost and ended.
sdk::awaitable<> ChildConnection::give_up(const char* reason) {
    const sdk::Duration ladder = 2 * grace_ + kCloseMargin;
    const sdk::Duration patience = shutting_down_ ? ladder : sdk::Duration(kExitPatience);
    const bool exited = co_await child_.wait_exit(patience);
    if (exited || closing_ || !lost_.empty()) co_return;
    lost_ = reason;
    begin_shutdown();
}

sdk::Error ChildConnection::end_error() const {
    const std::string who = child_.label() + " ";
    if (closing_) return sdk::upstream_error(sdk::ErrorCode::closed, who + "was closed");
    if (!lost_.empty()) return sdk::upstream_error(sdk::ErrorCode::crashed, who + lost_);
    if (!child_.exited()) return sdk::upstream_error(sdk::ErrorCode::closed, who + "is ending");
    if (shutting_down_)
        return sdk::upstream_error(sdk::ErrorCode::closed, who + child_.exit_text());
    return sdk::upstream_error(sdk::ErrorCode::crashed, who + child_.exit_text());
}

void ChildConnection::begin_shutdown() {
    close_quietly(input_);
    if (std::exchange(shutting_down_, true) || child_.exited()) return;
    sdk::spawn_logged(worker_, climb_ladder(shared_from_this()), "stdio.ladder");
}

void ChildConnection::begin_close() {
    closing_ = true;
    if (child_.exited()) return close_quietly(output_);
    begin_shutdown();
    cancel_quietly(output_);  // a pending `receive` ends; what still comes is discarded
    sdk::spawn_logged(worker_, discard_output(shared_from_this()), "stdio.discard");
}

sdk::awaitable<> ChildConnection::close() {
    if (!closing_) begin_close();
    co_await finished_.wait(2 * grace_ + kCloseMargin);
}

void ChildConnection::abandon() noexcept {
    closing_ = true;
    child_.kill();
    close_quietly(input_);
    close_quietly(output_);
}

std::size_t ChildConnection::resident_bytes() const { return child_.resident_bytes(); }

void ChildConnection::set_session(std::string_view label) {
    if (errors_) errors_->set_session(label);
}

std::string ChildConnection::peer() const {
    const std::string pid = "pid=" + std::to_string(child_.pid());
    return child_.exited() ? pid + ", " + child_.exit_text() : pid;
}

}  // namespace shadowcat::transport_stdio
