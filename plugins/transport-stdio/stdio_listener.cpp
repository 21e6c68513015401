// SPDX-License-Identifier: Apache-2.0
// Reading a client's lines, answering them, and ending when the client goes.
#include "stdio_listener.hpp"

#include "shadowcat/sdk/batch.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "subscription_replies.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::seconds kFlushPatience(2);  // for a client that has stopped to read

constexpr std::string_view kRevisionWithBatches = "2025-03-26";

bool is_subscription(const sdk::Message& request) {
    return request.method() == "subscriptions/listen";
}

}  // namespace

StdioListener::StdioListener(const ListenerOptions& options, sdk::ListenerHost& host, int input,
                             int output)
    : options_(options),
      host_(host),
      worker_(*host.workers()[0]),
      input_descriptor_(input),
      output_descriptor_(output),
      passes_text_(host.service(0).passes_text()),
      framer_(options.limits.max_bytes, passes_text_),
      stateless_(host.service(0)),
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
    if (takes_batches() && sdk::is_batch(line)) {
        co_await take_batch(line);
        co_return;
    }
    std::string kept;  // only where what is no message passes
    if (passes_text_) kept = line;
    sdk::Result<sdk::Message> message = sdk::Message::parse(std::move(line), options_.limits);
    if (message.has_error()) {
        co_await take_text(std::move(kept), message.error());
    } else if (message->is_request()) {
        co_await take_request(*std::move(message));
    } else {
        co_await pass_on(*std::move(message));
    }
}

/// A line that is no message, for the reason `why`.
sdk::awaitable<> StdioListener::take_text(std::string line, sdk::Error why) {
    bool passed = false;
    const bool blank = LineFramer::is_blank(line);
    if (passes_text_) {
        sdk::Message text = sdk::Message::opaque(std::move(line));
        const sdk::Result<void> taken = co_await session_->notify(std::move(text));
        passed = taken.has_value();
    }
    if (blank && passes_text_) co_return;
    if (passed) {
        sdk::log::warn("not a message, passed on as it is", {{"from", "client"}, {"why", why}});
    } else {
        co_await refuse(why);
    }
}

bool StdioListener::takes_batches() const { return session_->revision() == kRevisionWithBatches; }

sdk::awaitable<> StdioListener::take_batch(const std::string& line) {
    sdk::Result<std::vector<sdk::Message>> batch = sdk::split_batch(line, options_.limits);
    if (batch.has_error()) {
        co_await refuse(batch.error());
        co_return;
    }
    const auto answer = std::make_shared<BatchAnswer>(*output_);
    answer->enter();
    for (sdk::Message& message : *batch) {
        if (!message.is_request()) {
            co_await pass_on(std::move(message));
            continue;
        }
        co_await wait_for_room();
        if (winding_down_) break;
        answer->enter();
        sdk::spawn_logged(worker_, perform_in_batch(std::move(message), answer), "stdio.request");
    }
    co_await answer->leave();
}

sdk::awaitable<> StdioListener::take_request(sdk::Message request) {
    co_await wait_for_room();
    if (winding_down_) co_return;
    const bool stateless = stateless_.means(request);
    auto task = stateless ? perform_stateless(std::move(request)) : perform(std::move(request));
    sdk::spawn_logged(worker_, std::move(task), "stdio.request");  // begins at once, in order
}

sdk::awaitable<> StdioListener::pass_on(sdk::Message message) {
    const std::shared_ptr<sdk::ClientSession> receiver = receiver_of(message);
    if (!receiver) {
        sdk::log::debug("notification dropped", {{"method", message.method()}});
        co_return;
    }
    const sdk::Result<void> taken = co_await receiver->notify(std::move(message));
    if (taken.has_error()) sdk::log::debug("message not passed on", {{"why", taken.error()}});
}

/// The client's request ids are of one space, so a cancellation goes where the request went. Other
/// notifications mean nothing without a session.
std::shared_ptr<sdk::ClientSession> StdioListener::receiver_of(const sdk::Message& message) const {
    if (message.is_notification() && message.method() == "notifications/cancelled") {
        const auto conversation = stateless_.conversation_of(message.cancelled_id());
        return conversation ? conversation : session_;
    }
    return stateless_.means(message) ? nullptr : session_;
}

/// Responses and notifications pass while a request waits here: those in flight may need them.
/// Behind that request nothing is read.
sdk::awaitable<> StdioListener::wait_for_room() {
    while (in_flight_ >= options_.max_in_flight && !winding_down_)
        co_await room_.wait();
}

class StdioListener::InFlight {
public:
    /// A subscription only ends when its client wants that, so that the end doesn't wait for it.
    explicit InFlight(StdioListener& listener, bool awaited = true)
        : listener_(listener), awaited_(awaited) {
        ++listener_.in_flight_;
        listener_.awaited_ += awaited_;
    }
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;
    ~InFlight() {
        --listener_.in_flight_;
        listener_.awaited_ -= awaited_;
        if (listener_.awaited_ == 0) listener_.drain_limit_.cancel();
        listener_.room_.notify();
    }

private:
    StdioListener& listener_;
    bool awaited_;
};

sdk::awaitable<> StdioListener::perform(sdk::Message request) {
    const sdk::Gate::Pass pass = tasks_.enter();
    const InFlight counted(*this, !is_subscription(request));
    co_await session_->request(std::move(request), *output_);
}

sdk::awaitable<> StdioListener::perform_stateless(sdk::Message request) {
    const sdk::Gate::Pass pass = tasks_.enter();
    const bool subscribes = is_subscription(request);
    const InFlight counted(*this, !subscribes);
    if (std::optional<sdk::Message> refusal = stateless_.refusal_of(request)) {
        co_await output_->write(*std::move(refusal));
        co_return;
    }
    const sdk::Result<std::shared_ptr<sdk::ClientSession>> conversation = stateless_.conversation();
    if (conversation.has_error()) {
        sdk::Message response = sdk::make_error(request.id(), conversation.error());
        co_await output_->write(std::move(response));
        co_return;
    }
    const StatelessSide::InFlight findable(stateless_, request.id());
    const std::shared_ptr<sdk::ClientSession> held = *conversation;
    SubscriptionReplies of_subscription(*output_);
    sdk::ReplyStream& replies =
        subscribes ? of_subscription : static_cast<sdk::ReplyStream&>(*output_);
    co_await held->request(std::move(request), replies);
}

sdk::awaitable<> StdioListener::perform_in_batch(sdk::Message request,
                                                 std::shared_ptr<BatchAnswer> answer) {
    const sdk::Gate::Pass pass = tasks_.enter();
    const InFlight counted(*this);
    BatchReplies replies(*answer);
    co_await session_->request(std::move(request), replies);
    co_await answer->leave();
}

/// An id could not be read, so none is named.
sdk::awaitable<> StdioListener::refuse(const sdk::Error& error) {
    sdk::Message response = sdk::make_error({}, error);
    co_await output_->write(std::move(response));
}

sdk::awaitable<> StdioListener::write_output() {
    const sdk::Gate::Pass pass = tasks_.enter();
    co_await output_->run();
    if (output_->severed()) let_go_of_client();
    begin_wind_down("stdout is closed");
}

/// Both pipes break for the client at once, and not only when this process ends.
void StdioListener::let_go_of_client() {
    const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    cancel_quietly(*input_);
    close_quietly(*input_);
    for (const int descriptor : {input_descriptor_, output_descriptor_}) {
        if (nothing) ::dup2(nothing.get(), descriptor);
    }
    own_input_.reset();
    own_output_.reset();
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
    if (awaited_ > 0) {
        drain_limit_.expires_after(options_.drain);
        co_await drain_limit_.async_wait(sdk::as_tuple);
    }
    co_await output_->flush(kFlushPatience);
    if (passes_text_ && !output_->severed()) co_await session_->finish();
    output_->stop_waiting();
    co_await stateless_.end();
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
