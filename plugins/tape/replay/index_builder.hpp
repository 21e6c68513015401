// SPDX-License-Identifier: Apache-2.0
// IndexBuilder: pairs what a tape has in the order of time, line by line.
#pragma once

#include "replay/exchange_index.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::tape {

/// Messages are paired by the exchange that the recorder noted, else by id; never by their order.
/// What it can't make sense of is left out.
class IndexBuilder {
public:
    /// Takes the next line; `place` is where its message can be read again. Lines that are no
    /// frames don't count.
    void add(const TapeLine& line, Place place);

    /// The index; what had no end yet, has none.
    ExchangeIndex finish() &&;

private:
    /// An exchange that may go on.
    class Open {
    public:
        std::uint64_t number = 0;  // the recorder's
        std::string id;
        std::vector<RecordedStep> steps;
    };

    /// A question of the server that may be answered.
    class Question {
    public:
        std::string method;
        std::uint32_t exchange = kNoExchange;
        std::uint32_t step = 0;
    };

    void add_request(const TapeLine& line, Place place);
    void add_client_notification(const TapeLine& line);
    void add_client_response(const TapeLine& line, Place place);
    void add_response(const TapeLine& line, Place place);
    void add_server_message(const TapeLine& line, Place place);
    void add_aside(const TapeLine& line, Place place, RecordedStep::Kind kind,
                   std::uint32_t listen);
    void ask(const TapeLine& line, std::uint32_t exchange, std::size_t step);

    std::optional<std::uint32_t> open_exchange(const TapeLine& line) const;
    std::uint32_t subject(const std::string& method, const std::string& name);
    void close(std::uint32_t exchange);

    ExchangeIndex index_;
    std::unordered_map<std::uint32_t, Open> open_;
    std::unordered_map<std::uint64_t, std::uint32_t> by_number_;
    std::unordered_map<std::string, std::uint32_t> by_id_;
    std::unordered_map<std::string, Question> questions_;  // by the server's id
    std::unordered_map<std::string, std::uint32_t> subjects_;
    std::vector<RecordedAside> early_;  // before the first exchange
};

}  // namespace shadowcat::tape
