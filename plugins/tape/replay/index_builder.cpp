// SPDX-License-Identifier: Apache-2.0
// Pairing requests, responses, questions and answers.
#include "replay/index_builder.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

using Kind = RecordedStep::Kind;

// Far more than any session has open; a tape that never answers can't make us keep everything.
constexpr std::size_t kMostOpenQuestions = 100'000;

/// Tapes are read from disk: what isn't a message there is nobody's.
sdk::Result<sdk::Message> message_of(const TapeLine& line) {
    const sdk::ParseLimits any(line.message.size() + 1, 1024);
    return sdk::Message::parse(line.message, any);
}

Kind step_kind(const TapeLine& line) {
    return line.message_kind == sdk::MessageKind::request ? Kind::question : Kind::told;
}

}  // namespace

void IndexBuilder::add(const TapeLine& line, Place place) {
    if (line.kind != TapeLine::Kind::frame) return;
    if (line.redacted) ++index_.redacted_messages_;
    const bool response = line.message_kind == sdk::MessageKind::result ||
                          line.message_kind == sdk::MessageKind::error;
    if (line.direction == sdk::Direction::client_to_server) {
        if (line.message_kind == sdk::MessageKind::request) return add_request(line, place);
        if (response) return add_client_response(line, place);
        return add_client_notification(line);
    }
    if (response) return add_response(line, place);
    add_server_message(line, place);
}

void IndexBuilder::add_request(const TapeLine& line, Place place) {
    const sdk::Result<sdk::Message> request = message_of(line);
    if (request.has_error() || !request->is_request()) return;
    const auto number = static_cast<std::uint32_t>(index_.exchanges_.size());
    if (number == kNoExchange) return;
    RecordedExchange made(line.ts_ms, place);
    const std::string method(request->method());
    made.key = request_key(method, request_form(*request, MatchMode::normalised));
    made.seq = line.seq;
    made.subject = subject(method, std::string(request->name()));
    made.listens = method == "subscriptions/listen";
    made.redacted_request = line.redacted;
    made.first_aside = static_cast<std::uint32_t>(index_.asides_.size());
    index_.exchanges_.push_back(made);
    Open& open = open_[number];
    open.number = line.exchange;
    open.id = std::string(request->id());
    if (line.exchange != 0) by_number_[line.exchange] = number;
    by_id_[open.id] = number;
    if (number == 0) {
        for (const RecordedAside& each : early_)
            index_.asides_.push_back(each);
        index_.exchanges_[0].asides = static_cast<std::uint32_t>(early_.size());
    }
}

std::uint32_t IndexBuilder::subject(const std::string& method, const std::string& name) {
    std::string key = method;
    key.append(1, '\0').append(name);
    const auto [found, added] =
        subjects_.try_emplace(key, static_cast<std::uint32_t>(index_.subjects_.size()));
    if (added) index_.subjects_.emplace_back(method, name);
    return found->second;
}

std::optional<std::uint32_t> IndexBuilder::open_exchange(const TapeLine& line) const {
    if (line.exchange != 0) {
        const auto found = by_number_.find(line.exchange);
        if (found == by_number_.end()) return std::nullopt;
        return found->second;
    }
    const bool response = line.message_kind == sdk::MessageKind::result ||
                          line.message_kind == sdk::MessageKind::error;
    if (!response) return std::nullopt;
    const auto found = by_id_.find(line.id);
    if (found == by_id_.end()) return std::nullopt;
    return found->second;
}

void IndexBuilder::add_client_notification(const TapeLine& line) {
    if (line.method != "notifications/cancelled") return;
    const sdk::Result<sdk::Message> notice = message_of(line);
    if (notice.has_error()) return;
    const auto found = by_id_.find(std::string(notice->cancelled_id()));
    if (found != by_id_.end()) index_.exchanges_[found->second].cancelled = true;
}

void IndexBuilder::ask(const TapeLine& line, std::uint32_t exchange, std::size_t step) {
    if (line.message_kind != sdk::MessageKind::request) return;
    if (questions_.size() >= kMostOpenQuestions) return;
    Question& question = questions_[line.id];
    question.method = line.method;
    question.exchange = exchange;
    question.step = static_cast<std::uint32_t>(step);
}

void IndexBuilder::add_client_response(const TapeLine& line, Place place) {
    const auto found = questions_.find(line.id);
    if (found == questions_.end()) return;
    const Question question = found->second;
    questions_.erase(found);
    index_.answers_.emplace_back(question.method, place, line.redacted);
    const auto open = open_.find(question.exchange);
    if (open == open_.end()) return;
    RecordedStep step(Kind::answer, line.ts_ms, place);
    step.question = question.step;
    open->second.steps.push_back(step);
}

void IndexBuilder::add_response(const TapeLine& line, Place place) {
    const std::optional<std::uint32_t> number = open_exchange(line);
    const auto open = number ? open_.find(*number) : open_.end();
    if (open == open_.end()) return;
    RecordedExchange& exchange = index_.exchanges_[*number];
    exchange.answered = true;
    exchange.redacted_answer |= line.redacted;
    if (exchange.listens && !open->second.steps.empty()) {
        add_aside(line, place, Kind::response, *number);
    } else {
        open->second.steps.emplace_back(Kind::response, line.ts_ms, place);
    }
    close(*number);
}

void IndexBuilder::add_server_message(const TapeLine& line, Place place) {
    const std::optional<std::uint32_t> number = open_exchange(line);
    const auto open = number ? open_.find(*number) : open_.end();
    if (open == open_.end()) return add_aside(line, place, step_kind(line), kNoExchange);
    RecordedExchange& exchange = index_.exchanges_[*number];
    exchange.redacted_answer |= line.redacted;
    std::vector<RecordedStep>& steps = open->second.steps;
    if (exchange.listens && !steps.empty()) return add_aside(line, place, step_kind(line), *number);
    ask(line, *number, steps.size());
    steps.emplace_back(step_kind(line), line.ts_ms, place);
}

void IndexBuilder::add_aside(const TapeLine& line, Place place, Kind kind, std::uint32_t listen) {
    ask(line, kNoExchange, 0);
    const RecordedAside aside(kind, line.ts_ms, place, listen);
    if (index_.exchanges_.empty()) {
        early_.push_back(aside);
        return;
    }
    index_.asides_.push_back(aside);
    ++index_.exchanges_.back().asides;
}

void IndexBuilder::close(std::uint32_t number) {
    const auto found = open_.find(number);
    const Open& open = found->second;
    RecordedExchange& exchange = index_.exchanges_[number];
    exchange.first_step = static_cast<std::uint32_t>(index_.steps_.size());
    exchange.steps = static_cast<std::uint32_t>(open.steps.size());
    index_.steps_.insert(index_.steps_.end(), open.steps.begin(), open.steps.end());
    const auto by_number = by_number_.find(open.number);
    if (by_number != by_number_.end() && by_number->second == number) by_number_.erase(by_number);
    const auto by_id = by_id_.find(open.id);
    if (by_id != by_id_.end() && by_id->second == number) by_id_.erase(by_id);
    open_.erase(found);
}

ExchangeIndex IndexBuilder::finish() && {
    std::vector<std::uint32_t> rest;
    for (const auto& [number, open] : open_)
        rest.push_back(number);
    std::ranges::sort(rest);
    for (const std::uint32_t number : rest)
        close(number);
    for (std::uint32_t i = 0; i < index_.exchanges_.size(); ++i) {
        RecordedExchange& each = index_.exchanges_[i];
        each.cancelled = each.cancelled && !each.answered;
        index_.by_key_.emplace_back(each.key, i);
    }
    std::ranges::sort(index_.by_key_);
    return std::move(index_);
}

}  // namespace shadowcat::tape
