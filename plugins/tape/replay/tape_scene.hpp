// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: tapes that are written down line by line.
#pragma once

#include "replay/index_builder.hpp"
#include "replay/recording.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace shadowcat::tape::test {

class MemoryStore final : public MessageStore {
public:
    explicit MemoryStore(std::vector<std::string> all) : texts_(std::move(all)) {}
    sdk::Result<std::string> text(Place place) const override { return texts_.at(place); }

private:
    std::vector<std::string> texts_;
};

/// Reads as a transcript: `tape.client(0, 1, "…").server(5, 1, "…")`; each line has a time in
/// milliseconds and the number of its exchange (0: none).
class Script {
public:
    explicit Script(sdk::Era era = sdk::Era::session) {
        init_.tape_id = "0b5c7d2e-0000-4000-8000-000000000000";
        init_.era = era;
        init_.revision = era == sdk::Era::session ? "2025-06-18" : "2026-07-28";
        init_.redacted = false;
    }

    Script& client(double ts_ms, std::uint64_t exchange, const std::string& message,
                   bool redacted = false) {
        return add(ts_ms, exchange, message, sdk::Direction::client_to_server, redacted);
    }
    Script& server(double ts_ms, std::uint64_t exchange, const std::string& message,
                   bool redacted = false) {
        return add(ts_ms, exchange, message, sdk::Direction::server_to_client, redacted);
    }

    ExchangeIndex index() const {
        IndexBuilder builder;
        for (std::size_t i = 0; i < lines_.size(); ++i)
            builder.add(lines_[i], i);
        return std::move(builder).finish();
    }

    std::shared_ptr<const Recording> recording() const {
        std::vector<std::string> texts;
        for (const TapeLine& line : lines_)
            texts.push_back(line.message);
        return std::make_shared<Recording>(init_, index(),
                                           std::make_unique<MemoryStore>(std::move(texts)));
    }

private:
    Script& add(double ts_ms, std::uint64_t exchange, const std::string& text,
                sdk::Direction direction, bool redacted) {
        const sdk::Message message = sdk::Message::parse(text).value();
        TapeLine line;
        line.kind = TapeLine::Kind::frame;
        line.ts_ms = ts_ms;
        line.seq = lines_.size();
        line.direction = direction;
        line.message_kind = message.kind();
        line.method = message.method();
        line.name = message.name();
        line.id = message.id();
        line.message = text;
        line.exchange = exchange;
        line.redacted = redacted;
        lines_.push_back(std::move(line));
        return *this;
    }

    TapeInit init_;
    std::vector<TapeLine> lines_;
};

/// A request, notification or response as text.
inline std::string request(const std::string& id, const std::string& method,
                           const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" +
           params + "}";
}
inline std::string notification(const std::string& method, const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)" + params + "}";
}
inline std::string result(const std::string& id, const std::string& result = "{}") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + result + "}";
}
inline std::string tool(const std::string& name, const std::string& arguments = "{}",
                        const std::string& more = "") {
    return R"({"name":")" + name + R"(","arguments":)" + arguments + more + "}";
}

inline sdk::Message parsed(const std::string& text) { return sdk::Message::parse(text).value(); }

}  // namespace shadowcat::tape::test
