// SPDX-License-Identifier: Apache-2.0
// The actions that make messages wait: delay, throttle, break.
#include "rules/action.hpp"
#include "rules/token_bucket.hpp"

#include <array>

namespace shadowcat::intercept {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMaxDelayMs = 600'000;
constexpr std::int64_t kMaxPauseSecs = 86'400;
constexpr std::int64_t kMaxThrottleSecs = 3600;
constexpr std::int64_t kUsualThrottleSecs = 60;
constexpr std::int64_t kUsualPauseSecs = 300;
constexpr double kLeastRate = 0.001;
constexpr double kMostRate = 1e12;

/// What a wait's end means to the rules behind it.
Outcome outcome_of(WaitRoom::End end) {
    switch (end) {
        case WaitRoom::End::cancelled:
            return Outcome::ended(sdk::Verdict::pass());
        case WaitRoom::End::full:
            return Outcome::failed("too many messages wait already (max_waiting)");
        default:
            return Outcome::applied();
    }
}

class DelayAction final : public Action {
public:
    DelayAction(milliseconds low, milliseconds high)
        : Action(ActionKind::delay), low_(low), high_(high) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        sdk::Duration time = low_;
        if (high_ > low_) {
            const double part = passage.chance->next();
            time += std::chrono::duration_cast<sdk::Duration>((high_ - low_) * part);
        }
        const WaitRoom::End end = co_await passage.waits.wait(time, passage.context.cancellation);
        co_return outcome_of(end);
    }

private:
    milliseconds low_, high_;
};

class ThrottleAction final : public Action {
public:
    ThrottleAction(bool by_bytes, double rate, double burst, seconds max_wait)
        : Action(ActionKind::throttle), by_bytes_(by_bytes), bucket_(rate, burst, max_wait) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        const double cost = by_bytes_ ? static_cast<double>(passage.message.bytes().size()) : 1.0;
        const std::optional<sdk::Duration> turn = bucket_.take(cost, sdk::Clock::now());
        if (turn && turn->count() == 0) co_return Outcome::applied();
        const sdk::Duration time = turn ? *turn : bucket_.max_wait();
        const WaitRoom::End end = co_await passage.waits.wait(time, passage.context.cancellation);
        if (!turn && end == WaitRoom::End::elapsed)
            co_return Outcome::failed("passed before its turn, after max_wait_secs");
        co_return outcome_of(end);
    }

private:
    bool by_bytes_;
    TokenBucket bucket_;
};

class BreakAction final : public Action {
public:
    explicit BreakAction(PauseSettings settings)
        : Action(ActionKind::pause), settings_(std::move(settings)) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        PauseSettings settings = settings_;
        settings.rule = passage.rule;
        sdk::Verdict verdict = co_await passage.breakpoints.pause(passage.worker, passage.message,
                                                                  passage.context, settings);
        const bool passes = verdict.kind() == sdk::Verdict::Kind::pass;
        if (!passes) co_return Outcome::ended(std::move(verdict));
        const bool gone = passage.context.cancellation && passage.context.cancellation->requested();
        if (gone) co_return Outcome::ended(std::move(verdict));
        co_return Outcome::applied();
    }

private:
    PauseSettings settings_;
};

std::optional<std::int64_t> bounded(const std::optional<NodeReader>& given, std::int64_t low,
                                    std::int64_t high, std::int64_t usual) {
    return given ? given->integer(low, high) : usual;
}

}  // namespace

std::unique_ptr<Action> read_delay(const NodeReader& reader) {
    if (!reader.mapping_of({"ms", "min_ms", "max_ms"})) return nullptr;
    const auto fixed = reader.find("ms");
    const auto low = reader.find("min_ms");
    const auto high = reader.find("max_ms");
    if (fixed ? low || high : !low || !high) {
        reader.fail("expected either ms, or min_ms and max_ms");
        return nullptr;
    }
    const auto least = (fixed ? fixed : low)->integer(0, kMaxDelayMs);
    const auto most = fixed ? least : high->integer(least.value_or(0), kMaxDelayMs);
    if (!least || !most) return nullptr;
    return std::make_unique<DelayAction>(milliseconds(*least), milliseconds(*most));
}

std::unique_ptr<Action> read_throttle(const NodeReader& reader) {
    if (!reader.mapping_of({"messages_per_second", "bytes_per_second", "burst", "max_wait_secs"}))
        return nullptr;
    const auto messages = reader.find("messages_per_second");
    const auto bytes = reader.find("bytes_per_second");
    if (messages.has_value() == bytes.has_value()) {
        reader.fail("expected either messages_per_second or bytes_per_second");
        return nullptr;
    }
    const auto rate = (messages ? messages : bytes)->number(kLeastRate, kMostRate);
    const auto burst_given = reader.find("burst");
    const double usual_burst = messages ? 1.0 : rate.value_or(1);
    const auto burst = burst_given ? burst_given->number(1, kMostRate) : usual_burst;
    const auto wait =
        bounded(reader.find("max_wait_secs"), 0, kMaxThrottleSecs, kUsualThrottleSecs);
    if (!rate || !burst || !wait) return nullptr;
    return std::make_unique<ThrottleAction>(bytes.has_value(), *rate, *burst, seconds(*wait));
}

std::unique_ptr<Action> read_break(const NodeReader& reader) {
    const bool nothing = reader.node().kind == YamlNode::Kind::null;
    if (!nothing && !reader.mapping_of({"deadline_secs", "at_deadline"})) return nullptr;
    const auto deadline = bounded(reader.find("deadline_secs"), 1, kMaxPauseSecs, kUsualPauseSecs);
    const auto given = reader.find("at_deadline");
    const std::optional<std::size_t> at = given ? given->choice({"resume", "drop"}) : 0;
    if (!deadline || !at) return nullptr;
    PauseSettings settings;
    settings.deadline = seconds(*deadline);
    settings.at_deadline =
        *at == 0 ? PauseSettings::AtDeadline::resume : PauseSettings::AtDeadline::drop;
    return std::make_unique<BreakAction>(std::move(settings));
}

}  // namespace shadowcat::intercept
