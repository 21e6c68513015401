// SPDX-License-Identifier: Apache-2.0
// The actions that answer in the server's place, or take the message away: block, mock, drop.
#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "rules/action.hpp"
#include "rules/json_template.hpp"
#include "rules/scalar_json.hpp"

#include <limits>

namespace shadowcat::intercept {

namespace {

constexpr std::int64_t kBlockedCode = -32000;
constexpr std::size_t kDeepestAnswer = 1024;

/// Whether somebody can be given an answer: the client, to its request.
bool answerable(const Passage& passage) {
    const bool towards_server = passage.context.direction == sdk::Direction::client_to_server;
    return passage.message.is_response() ? !towards_server
                                         : towards_server && passage.message.is_request();
}

class BlockAction final : public Action {
public:
    BlockAction(int code, std::string text, std::string data)
        : Action(ActionKind::block), code_(code), text_(std::move(text)), data_(std::move(data)) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        if (!answerable(passage)) co_return Outcome::ended(sdk::Verdict::drop());
        co_return Outcome::ended(
            sdk::Verdict::answer(sdk::make_error(passage.message.id(), code_, text_, data_)));
    }

private:
    int code_;
    std::string text_, data_;
};

/// What a mock answers with: `member` is `result` or `error`.
class MockAction final : public Action {
public:
    MockAction(std::string member, JsonTemplate value)
        : Action(ActionKind::mock), member_(std::move(member)), value_(std::move(value)) {}

    sdk::awaitable<Outcome> perform(Passage& passage) override {
        if (!answerable(passage))
            co_return Outcome::failed("only requests of clients and their responses can be mocked");
        sdk::Result<sdk::Message> answer = made_for(passage.message);
        if (answer.has_error()) co_return Outcome::failed(answer.error().message());
        co_return Outcome::ended(sdk::Verdict::answer(*std::move(answer)));
    }

private:
    sdk::Result<sdk::Message> made_for(const sdk::Message& message) const {
        std::string text = R"({"jsonrpc":"2.0")";
        if (!message.id().empty()) text.append(",\"id\":").append(message.id());
        text.append(",\"").append(member_).append("\":").append(value_.fill(message.bytes()));
        text += '}';
        const sdk::ParseLimits own_size(text.size(), kDeepestAnswer);
        return sdk::Message::parse(std::move(text), own_size);
    }

    std::string member_;
    JsonTemplate value_;
};

class DropAction final : public Action {
public:
    DropAction() : Action(ActionKind::drop) {}
    sdk::awaitable<Outcome> perform(Passage&) override {
        co_return Outcome::ended(sdk::Verdict::drop());
    }
};

/// An error object has a code and a message: clients rely on it.
void check_error(const NodeReader& error) {
    if (!error.is_mapping()) return;
    if (const auto code = error.need("code")) {
        constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
        code->integer(kLow, std::numeric_limits<std::int32_t>::max());
    }
    if (const auto message = error.need("message")) message->text();
}

}  // namespace

std::unique_ptr<Action> read_block(const NodeReader& reader) {
    if (!reader.mapping_of({"code", "message", "data"})) return nullptr;
    constexpr std::int64_t kLow = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kHigh = std::numeric_limits<std::int32_t>::max();
    const auto code = reader.find("code");
    const auto text = reader.find("message");
    const auto data = reader.find("data");
    const auto number = code ? code->integer(kLow, kHigh) : kBlockedCode;
    const auto words = text ? text->text() : std::optional<std::string>("blocked by a rule");
    if (!number || !words) return nullptr;
    return std::make_unique<BlockAction>(static_cast<int>(*number), *words,
                                         data ? json_of(data->node()) : std::string());
}

std::unique_ptr<Action> read_mock(const NodeReader& reader) {
    if (!reader.mapping_of({"result", "error"})) return nullptr;
    if (reader.node().members.size() != 1) {
        reader.fail("expected either result or error");
        return nullptr;
    }
    const YamlMember& member = reader.node().members.front();
    const NodeReader given = reader.of(member);
    if (member.key == "error") {
        check_error(given);
    } else if (!given.is_mapping()) {  // MCP: a result is an object
        return nullptr;
    }
    auto value = JsonTemplate::parse(json_of(member.value));
    if (value.has_value()) return std::make_unique<MockAction>(member.key, *std::move(value));
    given.fail(value.error().message());
    return nullptr;
}

std::unique_ptr<Action> read_drop(const NodeReader& reader) {
    const YamlNode& node = reader.node();
    const bool nothing = node.kind == YamlNode::Kind::null ||
                         (node.is_mapping() && node.members.empty()) ||
                         (node.is_scalar() && json_of(node) == "true");
    if (nothing) return std::make_unique<DropAction>();
    reader.fail("has no options");
    return nullptr;
}

}  // namespace shadowcat::intercept
