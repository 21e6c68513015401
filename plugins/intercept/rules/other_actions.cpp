// SPDX-License-Identifier: Apache-2.0
// The actions that break things, and the one that only tells: fault, log.
#include "shadowcat/sdk/log.hpp"

#include "rules/action.hpp"

#include <array>

namespace shadowcat::intercept {

namespace {

enum class Fault : std::uint8_t { close_stream, corrupt, kill_server };

class FaultAction final : public Action {
public:
    explicit FaultAction(Fault fault) : Action(ActionKind::fault), fault_(fault) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        if (fault_ == Fault::close_stream) co_return Outcome::ended(sdk::Verdict::sever());
        if (fault_ == Fault::kill_server) co_return Outcome::ended(sdk::Verdict::kill_server());
        passage.message.damage();
        co_return Outcome::ended(sdk::Verdict::pass());
    }

private:
    Fault fault_;
};

// Names and ids are the peer's to choose: a line stays a line.
constexpr std::size_t kMaxShown = 256;

/// The beginning of `text`, cut between characters.
std::string shown(std::string_view text) {
    if (text.size() <= kMaxShown) return std::string(text);
    std::size_t end = kMaxShown;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return std::string(text.substr(0, end)) + "…";
}

std::string_view word_for(sdk::MessageKind kind) {
    static constexpr std::array<std::string_view, 4> kWords = {"request", "notification", "result",
                                                               "error"};
    return kWords[static_cast<std::size_t>(kind)];
}

class LogAction final : public Action {
public:
    explicit LogAction(sdk::log::Level level) : Action(ActionKind::log), level_(level) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        if (sdk::log::enabled(level_)) write(passage);
        co_return Outcome::applied();
    }

private:
    void write(const Passage& passage) const {
        const sdk::Message& message = passage.message;
        const sdk::MessageContext& context = passage.context;
        const bool response = message.is_response();
        const bool up = context.direction == sdk::Direction::client_to_server;
        sdk::log::write(level_, "rule matched",
                        {{"rule", passage.rule},
                         {"direction", up ? "client_to_server" : "server_to_client"},
                         {"session", context.session},
                         {"upstream", context.upstream},
                         {"kind", word_for(message.kind())},
                         {"method", shown(response ? context.method : message.method())},
                         {"name", shown(response ? context.name : message.name())},
                         {"id", shown(message.id())},
                         {"bytes", message.bytes().size()}});
    }

    sdk::log::Level level_;
};

}  // namespace

std::unique_ptr<Action> read_fault(const NodeReader& reader) {
    const auto fault = reader.choice({"close_stream", "corrupt", "kill_server"});
    return fault ? std::make_unique<FaultAction>(static_cast<Fault>(*fault)) : nullptr;
}

std::unique_ptr<Action> read_log(const NodeReader& reader) {
    using sdk::log::Level;
    if (reader.node().kind == YamlNode::Kind::null) return std::make_unique<LogAction>(Level::info);
    if (!reader.mapping_of({"level"})) return nullptr;
    const auto level = reader.find("level");
    constexpr std::array<Level, 4> kLevels = {Level::debug, Level::info, Level::warn, Level::error};
    const auto chosen = level ? level->choice({"debug", "info", "warn", "error"}) : 1;
    return chosen ? std::make_unique<LogAction>(kLevels[*chosen]) : nullptr;
}

}  // namespace shadowcat::intercept
