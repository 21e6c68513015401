// SPDX-License-Identifier: Apache-2.0
// Reading a client's lines, answering them, and ending when the client goes.
#include "stdio_listener.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

namespace shadowcat::transport_stdio {

namespace {

constexpr std::int64_t kDefaultBytes = 10 * 1024 * 1024;
constexpr std::int64_t kMaxBytes = 1024 * 1024 * 1024;
constexpr std::int64_t kDefaultDepth = 128;
constexpr std::int64_t kMaxDepth = 1024;
constexpr std::int64_t kDefaultInFlight = 256;
constexpr std::int64_t kMaxInFlight = 65536;
constexpr std::int64_t kDefaultDrainSecs = 5;
constexpr std::int64_t kMaxDrainSecs = 3600;
constexpr std::int64_t kDefaultWriteSecs = 60;
constexpr std::int64_t kMaxWriteSecs = 3600;

constexpr std::chrono::seconds kFlushPatience(2);  // for a client that has stopped to read

}  // namespace

sdk::Schema ListenerOptions::schema() {
    sdk::Schema schema;
    schema.add(sdk::integer("max_message_bytes", "Size limit of one message of the client")
                   .defaults_to(kDefaultBytes)
                   .between(1024, kMaxBytes));
    schema.add(sdk::integer("max_depth", "Limit of nesting in one message of the client")
                   .defaults_to(kDefaultDepth)
                   .between(8, kMaxDepth));
    schema.add(sdk::integer("max_in_flight", "Requests at a time; stdin is not read beyond that")
                   .defaults_to(kDefaultInFlight)
                   .between(1, kMaxInFlight));
    schema.add(
        sdk::integer("drain_secs", "How long requests in flight may take after stdin has ended")
            .defaults_to(kDefaultDrainSecs)
            .between(0, kMaxDrainSecs));
    schema.add(sdk::integer("write_timeout_secs",
                            "How long a client may leave more than 1 MiB of answers unread")
                   .defaults_to(kDefaultWriteSecs)
                   .between(1, kMaxWriteSecs));
    return schema;
}

ListenerOptions::ListenerOptions(const sdk::Json& config)
    : limits(config.value("max_message_bytes", kDefaultBytes),
             config.value("max_depth", kDefaultDepth)),
      max_in_flight(config.value("max_in_flight", kDefaultInFlight)),
      drain(std::chrono::seconds(config.value("drain_secs", kDefaultDrainSecs))),
      write_patience(std::chrono::seconds(config.value("write_timeout_secs", kDefaultWriteSecs))) {}

StdioListener::StdioListener(const ListenerOptions& options, sdk::ListenerHost& host, int input,
                             int output)
    : options_(options),
      host_(host),
      worker_(*host.workers()[0]),
      input_descriptor_(input),
      output_descriptor_(output),
      framer_(options.limits.max_bytes),
      drain_limit_(worker_.executor()) {}

StdioListener::~StdioListener() = default;

sdk::awaitable<sdk::Result<void>> StdioListener::start() {
    const sdk::Result<void> streams = open_streams();
    if (streams.has_error()) co_return streams;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> session = host_.service(0).open({});
    if (session.has_error()) co_return session.error();
    session_ = *std::move(session);
    sdk::spawn_logged(worker_, write_output(), "stdio.write");
    sdk::spawn_logged(worker_, listen(), "stdio.listen");
    sdk::spawn_logged(worker_, read_input(), "stdio.read");
    co_return sdk::Result<void>();
}

sdk::Result<void> StdioListener::open_streams() try {
    sdk::Result<OwnDescriptor> input =
        OwnDescriptor::of(input_descriptor_, OwnDescriptor::Direction::input);
    if (input.has_error()) return input.error();
    sdk::Result<OwnDescriptor> output =
        OwnDescriptor::of(output_descriptor_, OwnDescriptor::Direction::output);
    if (output.has_error()) return output.error();
    own_input_.emplace(*std::move(input));
    own_output_.emplace(*std::move(output));
    input_.emplace(make_stream(worker_.executor(), own_input_->take()));
    output_.emplace(make_stream(worker_.executor(), own_output_->take()), options_.write_patience);
    return sdk::Result<void>();
} catch (const std::exception& failure) {
    return sdk::Error(sdk::ErrorCode::unreachable, std::string("stdio: ") + failure.what());
}

sdk::awaitable<> StdioListener::read_input() {
    const sdk::Gate::Pass pass = tasks_.enter();
    while (!winding_down_) {
        const std::span<char> free = framer_.prepare();
        const asio::mutable_buffer space(free.data(), free.size());
        const auto [failed, count] = co_await input_->async_read_some(space, sdk::as_tuple);
        framer_.commit(count);
        if (failed) framer_.end();
        co_await take_lines();
        if (failed) break;
    }
    begin_wind_down("stdin ended");
}

sdk::awaitable<> StdioListener::take_lines() {
    while (std::optional<std::string> line = framer_.next()) {
        if (winding_down_) co_return;
        co_await take(*std::move(line));
    }
    for (std::size_t dropped = framer_.take_oversized(); dropped > 0; --dropped) {
        const sdk::Error error = sdk::downstream_error(
            sdk::ErrorCode::too_large,
            "message exceeds the limit of " + std::to_string(options_.limits.max_bytes) + " bytes");
        co_await refuse(error);
    }
}

sdk::awaitable<> StdioListener::take(std::string line) {
    sdk::Result<sdk::Message> message = sdk::Message::parse(std::move(line), options_.limits);
    if (message.has_error()) {
        co_await refuse(message.error());
    } else if (message->is_request()) {
        co_await begin_request(*std::move(message));
    } else {
        const sdk::Result<void> taken = co_await session_->notify(*std::move(message));
        if (taken.has_error()) sdk::log::debug("message not passed on", {{"why", taken.error()}});
    }
}

/// Responses and notifications pass while a request waits here: those in flight may need them.
/// Behind that request nothing is read.
sdk::awaitable<> StdioListener::begin_request(sdk::Message request) {
    while (in_flight_ >= options_.max_in_flight && !winding_down_)
        co_await room_.wait();
    if (winding_down_) co_return;
    sdk::spawn_logged(worker_, perform(std::move(request)),
                      "stdio.request");  // begins at once, in order
}

class StdioListener::InFlight {
public:
    explicit InFlight(StdioListener& listener) : listener_(listener) { ++listener_.in_flight_; }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    ~InFlight() {
        if (--listener_.in_flight_ == 0) listener_.drain_limit_.cancel();
        listener_.room_.notify();
    }

private:
    StdioListener& listener_;
};

sdk::awaitable<> StdioListener::perform(sdk::Message request) {
    const sdk::Gate::Pass pass = tasks_.enter();
    const InFlight counted(*this);
    co_await session_->request(std::move(request), *output_);
}

/// An id could not be read, so none is named.
sdk::awaitable<> StdioListener::refuse(const sdk::Error& error) {
    sdk::Message response = sdk::make_error({}, error);
    co_await output_->write(std::move(response));
}

sdk::awaitable<> StdioListener::write_output() {
    const sdk::Gate::Pass pass = tasks_.enter();
    co_await output_->run();
    begin_wind_down("stdout is closed");
}

sdk::awaitable<> StdioListener::listen() {
    const sdk::Gate::Pass pass = tasks_.enter();
    const std::string_view from_now_on;
    const sdk::Result<void> listened = co_await session_->listen(*output_, from_now_on);
    if (listened.has_error() && listened.error().code() != sdk::ErrorCode::closed) {
        sdk::log::warn("no messages from the server itself", {{"why", listened.error()}});
        co_return;
    }
    begin_wind_down("the session ended");
}

void StdioListener::begin_wind_down(const char* reason) {
    if (std::exchange(winding_down_, true)) return;
    sdk::log::debug("stdio client done", {{"reason", reason}});
    cancel_quietly(*input_);
    room_.notify();
    sdk::spawn_logged(worker_, wind_down(), "stdio.end");
}

sdk::awaitable<> StdioListener::wind_down() {
    const sdk::Gate::Pass pass = tasks_.enter();
    if (in_flight_ > 0) {
        drain_limit_.expires_after(options_.drain);
        co_await drain_limit_.async_wait(sdk::as_tuple);
    }
    co_await output_->flush(kFlushPatience);
    output_->stop_waiting();
    co_await session_->end();
    co_await output_->finish(kFlushPatience);
    host_.finished();
}

sdk::awaitable<> StdioListener::stop() {
    if (session_) begin_wind_down("stopping");
    co_await tasks_.empty();
    if (input_) close_quietly(*input_);
    own_input_.reset();
    own_output_.reset();
}

}  // namespace shadowcat::transport_stdio
