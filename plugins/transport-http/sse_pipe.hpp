// SPDX-License-Identifier: Apache-2.0
// SsePipe: an SseSession as the SDK's multiplexer wants it.
#pragma once

#include "shadowcat/sdk/pipe.hpp"

#include "sse_session.hpp"

#include <memory>
#include <string>

namespace shadowcat::http {

class SsePipe final : public Pipe {
public:
    SsePipe(std::shared_ptr<UpstreamPool> pool, const ParseLimits& limits)
        : session_(std::make_shared<SseSession>(std::move(pool), limits)) {}
    ~SsePipe() override { session_->end(closed()); }

    /// As `SseSession::open`.
    awaitable<Result<void>> open() { return session_->open(); }

    /// Ends everything, at once, with this reason.
    void interrupt(const Error& why) { session_->end(why); }

    awaitable<Result<void>> send(std::span<Message> messages) override {
        return session_->send(messages);
    }
    awaitable<Result<Message>> receive() override { return session_->receive(); }
    awaitable<> close() override {
        session_->end(closed());
        co_return;
    }
    void set_session(std::string_view label) override { session_->set_session(label); }
    void kill() noexcept override {
        session_->end(session_->target().failure(ErrorCode::crashed, "the connection was killed"));
    }
    std::string peer() const override { return session_->target().url.authority; }

private:
    Error closed() const {
        return session_->target().failure(ErrorCode::closed, "the link was closed");
    }

    std::shared_ptr<SseSession> session_;  // shared with what reads its stream
};

}  // namespace shadowcat::http
