// SPDX-License-Identifier: Apache-2.0
// ExchangeIndex: who asked what on a tape, what answered, and where in its files that stands.
#pragma once

#include "format/tape_line.hpp"
#include "replay/request_form.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape {

/// Where a message is: whoever read the tape knows what it means.
using Place = std::uint64_t;

/// No exchange.
inline constexpr std::uint32_t kNoExchange = UINT32_MAX;

/// One message of an exchange behind its request.
class RecordedStep {
public:
    enum class Kind : std::uint8_t {
        told,      ///< a notification of the server
        question,  ///< a request of the server
        answer,    ///< the client's response to a question
        response   ///< ends the exchange
    };

    RecordedStep(Kind what, double when, Place where) : kind(what), ts_ms(when), place(where) {}

    Kind kind;
    std::uint32_t question = 0;  ///< of an answer: the position of its question among the steps
    double ts_ms;
    Place place;
};

/// A message of the server outside of exchanges (or of a stream that lasts, which then `listen`
/// names): it belongs behind the exchange that began last.
class RecordedAside {
public:
    RecordedAside(RecordedStep::Kind what, double when, Place where, std::uint32_t to)
        : kind(what), listen(to), ts_ms(when), place(where) {}

    RecordedStep::Kind kind;
    std::uint32_t listen;
    double ts_ms;
    Place place;
};

/// A request of the client and what came of it.
class RecordedExchange {
public:
    RecordedExchange(double when, Place where) : ts_ms(when), request(where) {}

    /// Whether there is something to replay: a response, a stream that lasts, or a wait that the
    /// client itself ended.
    bool playable() const noexcept { return answered || listens || cancelled; }

    double ts_ms;
    Place request;
    std::uint64_t key = 0;      ///< `request_key`, normalised
    std::uint64_t seq = 0;      ///< of the request's frame
    std::uint32_t subject = 0;  ///< `ExchangeIndex::method`, `name`
    std::uint32_t first_step = 0, steps = 0;
    std::uint32_t first_aside = 0, asides = 0;
    bool answered = false;
    bool cancelled = false;         ///< by the client, before there was a response
    bool listens = false;           ///< `subscriptions/listen`
    bool redacted_request = false;  ///< something in it was replaced
    bool redacted_answer = false;   ///< something in its steps was
};

/// A client's answer to a question of the server, wherever that was asked.
class RecordedAnswer {
public:
    RecordedAnswer(std::string of, Place where, bool was_redacted)
        : method(std::move(of)), place(where), redacted(was_redacted) {}

    std::string method;
    Place place;
    bool redacted;
};

/// About 100 bytes for each exchange, whatever its messages hold. Read-only once made.
class ExchangeIndex {
public:
    const std::vector<RecordedExchange>& exchanges() const noexcept { return exchanges_; }
    const RecordedExchange& operator[](std::size_t i) const { return exchanges_[i]; }
    std::size_t size() const noexcept { return exchanges_.size(); }

    const std::string& method(const RecordedExchange& of) const {
        return subjects_[of.subject].first;
    }
    const std::string& name(const RecordedExchange& of) const {
        return subjects_[of.subject].second;
    }

    std::span<const RecordedStep> steps(const RecordedExchange& of) const {
        return std::span(steps_).subspan(of.first_step, of.steps);
    }
    std::span<const RecordedAside> asides(const RecordedExchange& of) const {
        return std::span(asides_).subspan(of.first_aside, of.asides);
    }

    /// The exchanges with this key, in recorded order.
    std::span<const std::pair<std::uint64_t, std::uint32_t>> with_key(std::uint64_t key) const;

    const std::vector<RecordedAnswer>& answers() const noexcept { return answers_; }

    /// Messages in which something was replaced when they were recorded.
    std::uint64_t redacted_messages() const noexcept { return redacted_messages_; }

    /// Methods of all requests, each once.
    std::vector<std::string> methods() const;

private:
    friend class IndexBuilder;

    std::vector<RecordedExchange> exchanges_;
    std::vector<RecordedStep> steps_;
    std::vector<RecordedAside> asides_;
    std::vector<RecordedAnswer> answers_;
    std::vector<std::pair<std::string, std::string>> subjects_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> by_key_;  // sorted
    std::uint64_t redacted_messages_ = 0;
};

}  // namespace shadowcat::tape
