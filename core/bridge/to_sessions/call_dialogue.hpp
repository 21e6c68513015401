// SPDX-License-Identifier: Apache-2.0
// CallDialogue: what one bridged call says to its client and to its server, as a machine.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/message.hpp"

#include "core/bridge/to_sessions/declared_input.hpp"
#include "core/bridge/to_sessions/input_questions.hpp"
#include "core/bridge/to_sessions/server_facts.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// One request of a client, as far as what answers it depends on that.
class Attendance {
public:
    explicit Attendance(const sdk::Message& request);

    std::string id;                       ///< as it stands in the text
    std::string progress_token;           ///< the same; empty: no progress is wanted
    std::optional<std::size_t> severity;  ///< log messages from this one on; none: none
};

/// Takes what the server says, tells what to do next. Does nothing by itself: whoever drives it
/// sends what `take_for_server` gives after each step.
class CallDialogue {
public:
    /// Waiting notifications while no client attends; more are dropped.
    static constexpr std::size_t kMaxHeld = 64;

    CallDialogue(const sdk::Message& request, const DeclaredInput& input);

    /// The request is on its way to `server` under this id.
    void begin(const ServerFacts& server, std::string session_id);

    /// What the server says, of whatever kind.
    void hear(sdk::Message message);

    /// There will be no response.
    void fail(const sdk::Error& error);

    /// The client withdraws; nothing more is said.
    void withdraw();

    /// Enough time has passed for questions that belong together to arrive.
    void collected() noexcept { collected_ = true; }

    /// Whether `input_responses` can be given to `resume`.
    bool understands(std::string_view input_responses) const {
        return questions_.well_formed(input_responses);
    }

    /// The client comes back, with answers and what it lets itself be asked from now on.
    void resume(std::string_view input_responses, const DeclaredInput& input);

    /// Nobody comes back: the server is told so, and that nobody waits for it.
    void give_up();

    class Step {
    public:
        enum class Kind {
            wait,
            say,       ///< `message`, and go on
            answer,    ///< `message`, the last
            fail,      ///< `error`: the last
            ask,       ///< the client, for what `questions` says, and park
            ask_urls,  ///< the client, to visit the URLs of `questions`; the call is over
            leave      ///< nothing more will come
        };

        explicit Step(Kind what) : kind(what) {}

        Kind kind;
        sdk::Message message;
        std::optional<sdk::Error> error;
        std::string questions;
    };

    /// What to do for the client that attends.
    Step next(const Attendance& client);

    /// What to tell the session, in order: answers, refusals, a cancellation.
    std::vector<sdk::Message> take_for_server() { return std::exchange(for_server_, {}); }

    bool has_for_server() const noexcept { return !for_server_.empty(); }

    /// Questions that nobody has been asked yet, so that `collected` should be called soon.
    bool asks() const noexcept { return !questions_.empty() && !collected_ && !over_; }

    /// Something waits for the client.
    bool has_backlog() const noexcept { return !queue_.empty(); }

    /// The last word was said, or will be by `next`.
    bool over() const noexcept { return over_; }

    /// The server has said something: it has begun to process the request.
    bool heard() const noexcept { return heard_; }

    /// What is known of the server; once begun.
    const ServerFacts& server() const noexcept { return *server_; }

    bool takes_questions() const noexcept { return takes_questions_; }
    std::size_t rounds() const noexcept { return rounds_; }
    void start_at_round(std::size_t rounds) noexcept { rounds_ = rounds; }
    void count_round() noexcept { ++rounds_; }

private:
    class Saying {
    public:
        sdk::Message message;
        std::optional<sdk::Error> error;  // instead of a message
        bool own = false;                 // said by the bridge, in the terms of the client's era
    };

    void hear_question(const sdk::Message& question);
    void conclude(int code, std::string_view text, std::string_view data);
    void cancel();
    std::optional<sdk::Message> for_client(sdk::Message message, const Attendance& client) const;
    Step last(Saying saying, const Attendance& client);
    Step response(const sdk::Message& message, const Attendance& client);
    Step visit_urls(const sdk::Message& error, const Attendance& client);

    const std::string method_;
    const bool takes_questions_;
    DeclaredInput input_;
    const ServerFacts* server_ = nullptr;
    std::string session_id_;
    std::deque<Saying> queue_;
    std::vector<sdk::Message> for_server_;
    InputQuestions questions_;
    std::size_t rounds_ = 0;
    bool collected_ = false;
    bool heard_ = false;
    bool spoken_ = false;  // to the client that attends
    bool over_ = false;
};

}  // namespace shadowcat::core
