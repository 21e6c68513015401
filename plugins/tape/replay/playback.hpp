// SPDX-License-Identifier: Apache-2.0
// Playback: one session with a server that is a tape.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "replay/aside_queue.hpp"
#include "replay/live_upstream.hpp"
#include "replay/matcher.hpp"
#include "replay/played_call.hpp"
#include "replay/readdress.hpp"
#include "replay/replay_options.hpp"

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace shadowcat::tape {

/// What stands behind a replayed link; shared with its calls and with the coroutine that says what
/// belongs to no call, which may outlive the link for a moment. Messages are read from the tape
/// when they are sent: small reads of files that the system has in memory, on the worker.
class Playback final : public std::enable_shared_from_this<Playback> {
public:
    Playback(sdk::Worker& worker, std::shared_ptr<const Recording> recording,
             std::shared_ptr<const ReplayOptions> options, const sdk::LinkOptions& link,
             sdk::LinkEvents& events);

    /// Who answers what the tape doesn't have.
    void use(std::unique_ptr<LiveUpstream> live);
    LiveUpstream* live() noexcept { return live_.get(); }

    /// As the functions of `Link`.
    static sdk::awaitable<sdk::Result<void>> call(std::shared_ptr<Playback> self,
                                                  sdk::Message request, sdk::ReplyStream& replies,
                                                  sdk::Cancellation& cancellation);
    static sdk::awaitable<sdk::Result<void>> send(std::shared_ptr<Playback> self,
                                                  sdk::Message message);
    static sdk::awaitable<> close(std::shared_ptr<Playback> self);

    bool alive() const noexcept { return !ended_; }

    /// Ends as a crash would.
    void kill();

    /// The link is gone; nobody is told anything any more.
    void abandon();

private:
    using Outcome = sdk::Result<void>;

    /// Keeps a call among the active ones while it runs.
    class Entry {
    public:
        Entry(Playback& playback, PlayedCall& call) : playback_(playback), call_(call) {
            playback_.calls_.push_back(&call_);
        }
        ~Entry() { playback_.calls_.remove(&call_); }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        Playback& playback_;
        PlayedCall& call_;
    };

    sdk::awaitable<Outcome> answer(PlayedCall& call, sdk::Message request);
    sdk::awaitable<Outcome> answer_unmatched(PlayedCall& call, sdk::Message request);
    sdk::awaitable<Outcome> play(PlayedCall& call, std::uint32_t exchange);
    sdk::awaitable<Outcome> play_step(PlayedCall& call, const RecordedStep& step,
                                      std::uint32_t position, Schedule& schedule);
    sdk::awaitable<> wait_for_answer(PlayedCall& call, std::uint32_t question);
    sdk::awaitable<Outcome> keep_listening(PlayedCall& call);

    void schedule_asides(std::uint32_t exchange, const Schedule& schedule);
    static sdk::awaitable<> say_asides(std::shared_ptr<Playback> self);
    sdk::awaitable<> say(const DueAside& aside);
    void hand_to_listen(std::uint32_t listen, sdk::Message message);
    void end(const sdk::Error& error);

    sdk::Worker& worker_;
    std::shared_ptr<const Recording> recording_;
    std::shared_ptr<const ReplayOptions> options_;  // shared with the connector, which may go first
    const std::size_t max_in_flight_;
    sdk::LinkEvents* events_;
    Matcher matcher_;
    std::unique_ptr<LiveUpstream> live_;
    QuestionIds question_ids_;
    std::list<PlayedCall*> calls_;  // in flight; each lives on its own coroutine
    AsideQueue asides_;
    sdk::Timer aside_timer_;
    bool saying_ = false;
    std::optional<sdk::Error> ended_;
    bool closing_ = false, closed_ = false;
    std::list<sdk::Wakeup> closers_;
    sdk::Gate inside_;
};

}  // namespace shadowcat::tape
