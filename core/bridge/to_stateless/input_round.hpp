// SPDX-License-Identifier: Apache-2.0
// InputRound: what a stateless server asks for in the course of a call, asked of a client of a
// session, which gets requests and gives responses (duties C.3).
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "core/bridge/to_stateless/client_profile.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// One `input_required` result and the answers to it. Only data: whoever holds it sends
/// `questions` to the client and gives it what comes back.
class InputRound {
public:
    static constexpr std::size_t kMaxQuestions = 64;

    /// A fresh id, as a JSON string with its quotes.
    using NewId = std::function<std::string()>;

    /// `requests` and `state`: the members of the result as they stand in its text; empty where
    /// absent. Fails when they ask for what can't be asked: one sentence for the client.
    static sdk::Result<InputRound> begin(std::string_view requests, std::string_view state,
                                         const ClientProfile& client, const NewId& new_id);

    /// The requests to the client, in order.
    const std::vector<sdk::Message>& questions() const noexcept { return requests_; }

    /// True when `id` is one that is still unanswered.
    bool awaits(std::string_view id) const noexcept;

    /// Takes the client's response to a question that it `awaits`.
    void answer(const sdk::Message& response);

    /// Nothing more is waited for: all is answered, or the round has failed.
    bool over() const noexcept { return !failure_.empty() || open() == 0; }

    /// The error object with which the client refused what can't be refused to the server; empty
    /// while there is none. The call ends with it.
    const std::string& failure() const noexcept { return failure_; }

    /// Ids of the questions that are still unanswered.
    std::vector<std::string> unanswered() const;

    /// `inputResponses` for the server; empty when it asked nothing.
    std::string responses() const;

    /// `requestState` for the server, as it gave it; empty if it gave none.
    const std::string& state() const noexcept { return state_; }

private:
    class Question {
    public:
        Question(std::string_view name, std::string token, bool elicits)
            : key(name), id(std::move(token)), elicitation(elicits) {}
        std::string key;
        std::string id;
        bool elicitation;
        std::string response;  // empty until then
    };

    std::size_t open() const noexcept;

    std::vector<Question> questions_;
    std::vector<sdk::Message> requests_;
    std::string state_;
    std::string failure_;
};

/// How long to wait before the call goes on when the server asked for nothing but to come again
/// (`requestState` alone), the `nth` time in a row, from 1.
std::chrono::milliseconds pause_before_round(std::size_t nth) noexcept;

}  // namespace shadowcat::core
