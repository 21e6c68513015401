// SPDX-License-Identifier: Apache-2.0
// The interceptor `tape`: records what passes on one worker.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "record/recorder.hpp"
#include "record/room_waiters.hpp"

#include <memory>

namespace shadowcat::tape {

/// Changes nothing. Copies messages and events into the recorder's queue.
class TapeInterceptor final : public sdk::Interceptor {
public:
    TapeInterceptor(std::shared_ptr<Recorder> recorder, sdk::Worker& worker);
    ~TapeInterceptor() override;

    std::optional<sdk::Verdict> at_once(sdk::Message& message,
                                        const sdk::MessageContext& context) override;
    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext& context) override;

    /// Always: the end of a session ends its tape.
    bool wants_transport_events() const noexcept override { return true; }
    void on_transport_event(const sdk::TransportEvent& event) noexcept override;

    void stop() noexcept override;

private:
    bool wanted(const sdk::Message& message) const;

    std::shared_ptr<Recorder> recorder_;
    std::shared_ptr<RoomWaiters> waiters_;  // shared with who waits and with what wakes them
    sdk::Worker& worker_;
};

}  // namespace shadowcat::tape
