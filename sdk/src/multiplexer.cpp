// SPDX-License-Identifier: Apache-2.0
// The link that make_link returns: a reader, a writer and the calls in flight.
#include "shadowcat/sdk/multiplexer.hpp"

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "attribution.hpp"
#include "call_table.hpp"

#include <algorithm>
#include <deque>
#include <list>
#include <vector>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::size_t kOutgoingHighWater = 1024 * 1024;

Error closed_error() { return upstream_error(ErrorCode::closed, "the link was closed"); }

class Multiplexer : public std::enable_shared_from_this<Multiplexer> {
public:
    Multiplexer(Worker& worker, std::unique_ptr<Pipe> pipe, LinkEvents& events,
                const LinkOptions& options)
        : worker_(worker),
          pipe_(std::move(pipe)),
          events_(&events),
          options_(options),
          calls_(options.ids, options.max_in_flight),
          attribution_(calls_, options_) {}

    void start() {
        spawn_logged(worker_, read_pipe(shared_from_this()), "link.read");
        spawn_logged(worker_, write_pipe(shared_from_this()), "link.write");
    }

    awaitable<Result<void>> call(Message request, ReplyStream& replies,
                                 Cancellation& cancellation) {
        if (ended_) co_return Error(*ended_).mark_nothing_sent();
        if (calls_.full()) {
            co_return upstream_error(ErrorCode::unavailable, "too many calls in flight on one link")
                .mark_nothing_sent();
        }
        const ReleaseReader release(*this);
        PendingCall call(calls_, request);
        attribution_.opened(call);
        cancellation.on_request([&call] { call.wakeup.notify(); });
        bool room = has_room() && !cancellation.requested();
        if (!room) room = co_await wait_for_room(call, cancellation);
        if (room) enqueue(std::move(request));
        bool over = false, receiver_gone = false;
        while (!over && !cancellation.requested()) {
            if (call.arrived.empty()) {
                if (call.failure) break;
                co_await call.wakeup.wait();
                continue;
            }
            Message message = take(call);
            over = message.is_response();
            if (receiver_gone) continue;
            const Result<void> written = co_await replies.write(std::move(message));
            receiver_gone = written.has_error();
        }
        cancellation.on_request({});
        if (over) co_return Result<void>();
        if (!cancellation.requested()) co_return *call.failure;
        if (room) send_cancel(call, cancellation);
        co_return cancellation.reason();
    }

    awaitable<Result<void>> send(Message message) {
        if (ended_) co_return *ended_;
        if (outgoing_bytes_ > 2 * kOutgoingHighWater) {
            co_return upstream_error(ErrorCode::unavailable, "the server does not read its input");
        }
        enqueue(std::move(message));
        co_return Result<void>();
    }

    awaitable<> close() {
        end(closed_error());
        co_await pipe_->close();
        co_await loops_.empty();
    }

    void abandon() {
        events_ = nullptr;
        if (closing_) return;
        spawn_logged(worker_, close_self(shared_from_this()), "link.abandon");
    }

    awaitable<> close_once() {
        if (closing_) {
            closers_.emplace_back();
            Wakeup& mine = closers_.back();
            if (!closed_) co_await mine.wait();
            co_return;
        }
        closing_ = true;
        co_await close();
        closed_ = true;
        for (Wakeup& waiting : closers_)
            waiting.notify();
    }

    bool end_input() {
        if (ended_ || !pipe_->has_end_of_input()) return false;
        input_over_ = true;
        writer_.notify();
        return true;
    }

    bool alive() const { return !ended_; }
    Pipe& pipe() { return *pipe_; }
    const Pipe& pipe() const { return *pipe_; }

private:
    /// Lets the reader go on when the call it waits for has left the table.
    class ReleaseReader {
    public:
        explicit ReleaseReader(Multiplexer& multiplexer) : multiplexer_(multiplexer) {}
        ~ReleaseReader() { multiplexer_.release_reader(); }

    private:
        Multiplexer& multiplexer_;
    };

    void release_reader() {
        if (!stalled_on_ || calls_.holds(stalled_on_)) return;
        stalled_on_ = nullptr;
        reader_.notify();
    }

    static awaitable<> close_self(std::shared_ptr<Multiplexer> self) {
        co_await self->close_once();
    }

    static awaitable<> read_pipe(std::shared_ptr<Multiplexer> self) {
        const Gate::Pass pass = self->loops_.enter();
        while (!self->ended_) {
            Result<Message> message = co_await self->pipe_->receive();
            if (message.has_error()) {
                self->lost(message.error());
                break;
            }
            const Addressee addressee = self->attribution_.of(*message);
            if (PendingCall* call = addressee.call()) {
                self->give(*call, *std::move(message));
                while (self->reader_stalls())
                    co_await self->reader_.wait();
                self->stalled_on_ = nullptr;
            } else if (addressee.is_owner() && self->events_) {
                co_await self->events_->on_message(*std::move(message));
            } else {
                self->log_dropped(*message, addressee.why_dropped());
            }
        }
        self->writer_.notify();
    }

    static awaitable<> write_pipe(std::shared_ptr<Multiplexer> self) {
        const Gate::Pass pass = self->loops_.enter();
        std::vector<Message> batch;
        while (!self->ended_) {
            if (self->outgoing_.empty()) {
                if (self->input_over_) break;
                co_await self->writer_.wait();
                continue;
            }
            batch.clear();
            batch.swap(self->outgoing_);
            const Result<void> sent = co_await self->pipe_->send(batch);
            self->outgoing_bytes_ = self->queued_bytes();
            self->wake_blocked();
            if (sent.has_error()) break;  // the reader learns why, and ends the link
        }
        if (self->input_over_ && !self->ended_) self->pipe_->end_input();
    }

    std::size_t queued_bytes() const {
        std::size_t bytes = 0;
        for (const Message& message : outgoing_)
            bytes += message.bytes().size();
        return bytes;
    }

    void enqueue(Message message) {
        outgoing_bytes_ += message.bytes().size();
        outgoing_.push_back(std::move(message));
        writer_.notify();
    }

    void wake_blocked() {
        while (!blocked_.empty() && has_room()) {
            PendingCall* next = blocked_.front();
            blocked_.pop_front();
            next->wakeup.notify();
        }
    }

    bool has_room() const { return outgoing_bytes_ <= kOutgoingHighWater; }

    /// False when the call was cancelled or failed before its request could be taken.
    awaitable<bool> wait_for_room(PendingCall& call, Cancellation& cancellation) {
        while (!has_room() && !cancellation.requested() && !call.failure) {
            blocked_.push_back(&call);
            co_await call.wakeup.wait();
            std::erase(blocked_, &call);
        }
        co_return !cancellation.requested() && !call.failure;
    }

    Message take(PendingCall& call) {
        Message message = call.arrived.pop();
        if (stalled_on_ == &call && call.arrived.empty()) reader_.notify();
        return message;
    }

    void send_cancel(const PendingCall& call, Cancellation& cancellation) {
        if (call.is_initialize() || ended_) return;
        if (auto& notice = cancellation.notice()) {
            notice->set_cancelled_id(call.server_id());
            return enqueue(*std::move(notice));
        }
        std::string text =
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)";
        text.append(call.server_id()).append(",\"reason\":\"");
        text.append(name(cancellation.reason().code())).append("\"}}");
        enqueue(Message::parse(std::move(text)).value());
    }

    void log_dropped(const Message& message, const char* why) const {
        log::debug("message of the server dropped", {{"peer", pipe_->peer()},
                                                     {"id", message.id()},
                                                     {"method", message.method()},
                                                     {"why", why ? why : "the link has no owner"}});
    }

    /// On an exclusive link the reader waits until the message was taken: order is kept exactly and
    /// a slow client slows its own server. On a shared link a call that lags behind is failed.
    void give(PendingCall& call, Message&& message) {
        attribution_.answered(call, message);
        call.restore(message);
        if (call.failure) return;
        call.arrived.push(std::move(message));
        if (options_.exclusive) stalled_on_ = &call;
        if (!options_.exclusive && call.arrived.size() > options_.max_queued_messages) {
            call.failure = downstream_error(ErrorCode::unavailable, "the client reads too slowly");
            call.arrived.clear();
        }
        call.wakeup
            .notify();  // `call` may be gone afterwards: ReleaseReader then reset stalled_on_
    }

    bool reader_stalls() const { return stalled_on_ && !stalled_on_->arrived.empty() && !ended_; }

    void lost(const Error& error) {
        if (ended_) return;
        end(error);
        if (events_) events_->on_closed(error);
    }

    void end(const Error& error) {
        if (ended_) return;
        ended_ = error;
        while (PendingCall* call = calls_.detach_newest()) {
            call->failure = error;
            call->wakeup.notify();
        }
        writer_.notify();
        reader_.notify();
    }

    Worker& worker_;
    std::unique_ptr<Pipe> pipe_;
    LinkEvents* events_;
    LinkOptions options_;
    CallTable calls_;
    Attribution attribution_;
    std::vector<Message> outgoing_;
    std::size_t outgoing_bytes_ = 0;
    std::deque<PendingCall*> blocked_;
    PendingCall* stalled_on_ = nullptr;
    Wakeup writer_, reader_;
    std::list<Wakeup> closers_;
    Gate loops_;
    std::optional<Error> ended_;
    bool input_over_ = false, closing_ = false, closed_ = false;
};

class MultiplexedLink final : public Link {
public:
    explicit MultiplexedLink(std::shared_ptr<Multiplexer> multiplexer)
        : multiplexer_(std::move(multiplexer)) {}

    ~MultiplexedLink() override { multiplexer_->abandon(); }

    awaitable<Result<void>> call(Message request, ReplyStream& replies,
                                 Cancellation& cancellation) override {
        return multiplexer_->call(std::move(request), replies, cancellation);
    }
    awaitable<Result<void>> send(Message message) override {
        return multiplexer_->send(std::move(message));
    }
    bool end_input() override { return multiplexer_->end_input(); }
    awaitable<> close() override { return multiplexer_->close_once(); }
    bool alive() const noexcept override { return multiplexer_->alive(); }
    void set_session(std::string_view label) override { multiplexer_->pipe().set_session(label); }
    void kill() noexcept override { multiplexer_->pipe().kill(); }
    void signal(int number) noexcept override { multiplexer_->pipe().signal(number); }
    std::optional<int> exit_code() const noexcept override {
        return multiplexer_->pipe().exit_code();
    }
    std::size_t resident_bytes() const override { return multiplexer_->pipe().resident_bytes(); }
    std::string peer() const override { return multiplexer_->pipe().peer(); }

private:
    std::shared_ptr<Multiplexer> multiplexer_;  // shared with its reader and writer coroutines
};

}  // namespace

std::unique_ptr<Link> make_link(Worker& worker, std::unique_ptr<Pipe> pipe, LinkEvents& events,
                                const LinkOptions& options) {
    auto multiplexer = std::make_shared<Multiplexer>(worker, std::move(pipe), events, options);
    multiplexer->start();
    return std::make_unique<MultiplexedLink>(std::move(multiplexer));
}

}  // namespace shadowcat::sdk::inline v1
