// SPDX-License-Identifier: Apache-2.0
// EditSession: edits that are taken, refused, tried again, too late.
#include "cli/edit_session.hpp"

#include "cli/json_layout.hpp"
#include "cli/scripted_proxy.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

const std::string kText = R"({"id":9007199254740993,"method":"x"})";
const std::vector<Json> kShown = {{{"id", 3}, {"message", kText}}};
const std::vector<Json> kTaken = {{{"edited", 3}}};

/// Writes one text after the other, and tries again as long as there are more.
class Writer final : public EditorUser {
public:
    explicit Writer(std::deque<std::string> texts) : texts_(std::move(texts)) {}

    sdk::Result<void> edit(const std::string& path) override {
        found = *text_of_file(path);
        draft = path;
        if (texts_.empty()) return sdk::Error(sdk::ErrorCode::config, "no editor");
        std::ofstream(path) << texts_.front();
        texts_.pop_front();
        return {};
    }
    bool again(const std::string& why) override {
        complaints.push_back(why);
        return !texts_.empty();
    }

    std::string found, draft;
    std::vector<std::string> complaints;

private:
    std::deque<std::string> texts_;
};

Json sent(const std::string& text, bool resume) {
    return {{"verb", "intercept.edit"}, {"id", 3}, {"message", text}, {"resume", resume}};
}

}  // namespace

TEST_CASE("a message is edited laid out and sent on one line, its numbers untouched") {
    ScriptedProxy proxy({kShown, kTaken});
    Writer user({spread_json(R"({"id":9007199254740993,"method":"y"})") + "\n"});
    CHECK_FALSE(edit_with(user, proxy, 3, true).has_error());
    CHECK(user.found == "{\n  \"id\": 9007199254740993,\n  \"method\": \"x\"\n}\n");
    CHECK(proxy.asked.at(1) == sent(R"({"id":9007199254740993,"method":"y"})", true));
    CHECK_FALSE(std::filesystem::exists(user.draft));
}

TEST_CASE("a refused edit is offered again, with what was written") {
    ScriptedProxy proxy({kShown, refusal("no message"), kShown, kTaken});
    Writer user({"{", "{}"});
    CHECK_FALSE(edit_with(user, proxy, 3, false).has_error());
    CHECK(user.found == "{");
    CHECK(user.complaints == std::vector<std::string>{"no message"});
    CHECK(proxy.asked.back() == sent("{}", false));
}

TEST_CASE("who doesn't try again keeps the text") {
    ScriptedProxy proxy({kShown, refusal("no message"), kShown});
    Writer user({"{"});
    const auto edited = edit_with(user, proxy, 3, false);
    REQUIRE(edited.has_error());
    CHECK(edited.error().message() == "no message; your text is in " + user.draft);
    CHECK(*text_of_file(user.draft) == "{");
    std::filesystem::remove(user.draft);
}

TEST_CASE("a message that waits no longer isn't offered again") {
    ScriptedProxy proxy({kShown, refusal("no message 3 is paused any more")});
    Writer user({"{}", "{}"});
    const auto edited = edit_with(user, proxy, 3, false);
    REQUIRE(edited.has_error());
    CHECK(edited.error().message().starts_with("no message 3 is paused any more; your text is in"));
    CHECK(user.complaints.empty());
    std::filesystem::remove(user.draft);
}

TEST_CASE("without an editor nothing is sent and nothing is left") {
    ScriptedProxy proxy({kShown});
    Writer user({});
    CHECK(edit_with(user, proxy, 3, true).error().message() == "no editor");
    CHECK(proxy.asked.size() == 1);
    CHECK_FALSE(std::filesystem::exists(user.draft));
}

TEST_CASE("a message that isn't there is not edited") {
    ScriptedProxy proxy({refusal("no message 3 is paused")});
    Writer user({"{}"});
    CHECK(edit_with(user, proxy, 3, true).error().message() == "no message 3 is paused");
    CHECK(user.draft.empty());
}
