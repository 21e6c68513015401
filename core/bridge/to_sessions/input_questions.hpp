// SPDX-License-Identifier: Apache-2.0
// InputQuestions: what the server of one call asks its client, until that is answered.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Requests of a session-era server on one side, `inputRequests` and `inputResponses` of the
/// stateless era on the other. Keys are never used twice.
class InputQuestions {
public:
    /// More at a time are not taken.
    static constexpr std::size_t kMax = 64;

    /// Takes a server's request. False when it asks too much, or twice under one id.
    bool add(const sdk::Message& question);

    /// The server withdraws the question with this id.
    void withdraw(std::string_view id);

    bool empty() const noexcept { return open_.empty(); }

    /// The open questions as `inputRequests`.
    std::string requests() const;

    /// Whether `responses` has the form of `inputResponses`, as far as they answer what is open.
    /// Empty text, for none, does.
    bool well_formed(std::string_view responses) const;

    /// The responses to the server that `responses` contains; what they answer is no longer open.
    /// What answers nothing is ignored.
    std::vector<sdk::Message> take_answers(std::string_view responses);

    /// The answers of a client that says nothing; nothing is open afterwards.
    std::vector<sdk::Message> give_up();

private:
    class Question {
    public:
        std::string key, id, method, params;
    };

    std::list<Question> open_;
    unsigned asked_ = 0;
};

/// `params` of a server's request as an input request has them: without what only means something
/// on a session.
std::string input_params(std::string_view params);

/// The `inputRequests` for the `data.elicitations` of an error -32042; empty when there are none.
std::string url_input_requests(std::string_view elicitations);

/// What a client answered to input requests for URLs.
enum class UrlAnswer { all_accepted, incomplete, declined, malformed };
UrlAnswer judge_url_answers(std::string_view requests, std::string_view responses);

}  // namespace shadowcat::core
