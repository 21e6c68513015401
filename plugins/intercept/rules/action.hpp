// SPDX-License-Identifier: Apache-2.0
// Action: one thing that a rule does with a message.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "breakpoints/breakpoints.hpp"
#include "rules/node_reader.hpp"
#include "rules/sampling.hpp"
#include "rules/tally.hpp"
#include "rules/wait_room.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace shadowcat::intercept {

/// One message on its way through one rule, and what actions need to work on it.
class Passage {
public:
    Passage(sdk::Message& of, const sdk::MessageContext& in, sdk::Worker& on, WaitRoom& room,
            Breakpoints& at)
        : message(of), context(in), worker(on), waits(room), breakpoints(at) {}

    sdk::Message& message;
    const sdk::MessageContext& context;
    sdk::Worker& worker;
    WaitRoom& waits;
    Breakpoints& breakpoints;

    std::string_view rule;     ///< The name of the rule at work.
    Chance* chance = nullptr;  ///< Of that rule.
};

/// What came of an action.
class Outcome {
public:
    enum class Kind : std::uint8_t {
        applied,
        skipped,  ///< It has nothing to do with such messages.
        failed,   ///< The message goes on unchanged; `why` is for the operator.
        ended     ///< The message's way through the rules ends here, with `verdict`.
    };

    static Outcome applied() { return Outcome(Kind::applied); }
    static Outcome skipped() { return Outcome(Kind::skipped); }
    static Outcome failed(std::string why) {
        Outcome outcome(Kind::failed);
        outcome.why_ = std::move(why);
        return outcome;
    }
    static Outcome ended(sdk::Verdict verdict) {
        Outcome outcome(Kind::ended);
        outcome.verdict_ = std::move(verdict);
        return outcome;
    }

    Kind kind() const noexcept { return kind_; }
    const std::string& why() const noexcept { return why_; }
    std::optional<sdk::Verdict>& verdict() noexcept { return verdict_; }

private:
    explicit Outcome(Kind kind) : kind_(kind) {}

    Kind kind_;
    std::string why_;
    std::optional<sdk::Verdict> verdict_;
};

/// Shared by all workers: performing must be thread-safe.
class Action {
public:
    explicit Action(ActionKind kind) : kind_(kind) {}
    Action(const Action&) = delete;
    Action& operator=(const Action&) = delete;
    virtual ~Action() = default;

    ActionKind kind() const noexcept { return kind_; }

    /// On the passage's worker. Lives as long as the awaitable.
    virtual sdk::awaitable<Outcome> perform(Passage& passage) = 0;

private:
    ActionKind kind_;
};

/// Reads one item of a rule's list `do`; null when it is wrong.
std::unique_ptr<Action> read_action(const NodeReader& reader);

/// Each reads the options of one kind of action; null when they are wrong.
std::unique_ptr<Action> read_edit(ActionKind kind, const NodeReader& reader);
std::unique_ptr<Action> read_block(const NodeReader& reader);
std::unique_ptr<Action> read_mock(const NodeReader& reader);
std::unique_ptr<Action> read_delay(const NodeReader& reader);
std::unique_ptr<Action> read_throttle(const NodeReader& reader);
std::unique_ptr<Action> read_fault(const NodeReader& reader);
std::unique_ptr<Action> read_break(const NodeReader& reader);
std::unique_ptr<Action> read_log(const NodeReader& reader);
std::unique_ptr<Action> read_drop(const NodeReader& reader);

}  // namespace shadowcat::intercept
