// SPDX-License-Identifier: Apache-2.0
// A stateless server asks for input, a session's client is asked.
#include "core/bridge/to_stateless/session_link_scene.hpp"

using namespace shadowcat::core;
using sdk::ErrorCode;

namespace {

const std::string kCapabilities = R"({"elicitation":{"url":{}},"roots":{},"sampling":{}})";
const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"t","_meta":{"progressToken":"p"}}})";

std::string input_required(std::string_view members, std::string_view id = "7") {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
           R"(,"result":{"resultType":"input_required",)" + std::string(members) + "}}";
}

const std::string kRoots = R"("inputRequests":{"r":{"method":"roots/list"}})";

std::string answer(std::string_view id, std::string_view result) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":)" + std::string(result) +
           "}";
}

std::string id_of(const std::string& text) {
    return std::string(SessionLinkScene::parsed(text).id());
}

/// A greeted client, one of whose calls the server has got as its second.
class InputScene : public SessionLinkScene {
public:
    explicit InputScene(const BridgeSettings& how = BridgeSettings(),
                        std::string_view capabilities = kCapabilities)
        : SessionLinkScene(true, how) {
        greet(capabilities);
        client = &call(kCall);
    }

    AskingClient* client;
};

}  // namespace

TEST_CASE("the client is asked, and the call repeated with its answer and the exact state") {
    InputScene scene;
    scene.say(1, input_required(kRoots + R"(,"requestState":"a\u0062\/")"));
    REQUIRE(scene.client->got.size() == 1);
    const std::string question = id_of(scene.client->got[0]);
    CHECK(scene.client->got[0] ==
          R"({"jsonrpc":"2.0","id":)" + question + R"(,"method":"roots/list"})");
    CHECK(scene.served().calls.size() == 2);
    scene.send(answer(question, R"({"roots":[{"uri":"file:///a"}]})"));
    REQUIRE(scene.served().calls.size() == 3);
    const std::string retry = id_of(scene.request(2));
    CHECK(retry != "7");
    CHECK(scene.request(2) ==
          R"({"jsonrpc":"2.0","id":)" + retry +
              R"(,"method":"tools/call","params":{"name":"t","_meta":{)" +
              meta_of(R"({"elicitation":{"url":{}},"roots":{},"sampling":{}})") +
              R"(,"progressToken":"p"},"inputResponses":{"r":{"roots":[{"uri":"file:///a"}]}},)"
              R"("requestState":"a\u0062\/"}})");
    scene.say(2, R"({"jsonrpc":"2.0","id":)" + retry +
                     R"(,"result":{"resultType":"complete","content":[]}})");
    CHECK(scene.client->got.back() == R"({"jsonrpc":"2.0","id":7,"result":{"content":[]}})");
    CHECK(scene.client->outcome->has_value());
}

TEST_CASE("several questions at a time, answered in any order, and several rounds") {
    InputScene scene;
    scene.say(
        1, input_required(R"("inputRequests":{"r":{"method":"roots/list"},"e":{"method":)"
                          R"("elicitation/create","params":{"mode":"url","url":"https://a"}}})"));
    REQUIRE(scene.client->got.size() == 2);
    const std::string roots = id_of(scene.client->got[0]), url = id_of(scene.client->got[1]);
    CHECK(scene.client->got[1].find(R"("elicitationId":)" + url) != std::string::npos);
    scene.send(answer(url, R"({"action":"accept"})"));
    CHECK(scene.served().calls.size() == 2);
    scene.send(answer(roots, R"({"roots":[]})"));
    REQUIRE(scene.served().calls.size() == 3);
    CHECK(scene.request(2).find(R"("inputResponses":{"r":{"roots":[]},"e":{"action":"accept"}})") !=
          std::string::npos);
    CHECK(scene.request(2).find("requestState") == std::string::npos);
    scene.say(2, input_required(kRoots + R"(,"requestState":"2")", id_of(scene.request(2))));
    REQUIRE(scene.client->got.size() == 3);
    const std::string again = id_of(scene.client->got[2]);
    CHECK(again != roots);
    scene.send(answer(roots, R"({"roots":["late"]})"));
    CHECK(scene.served().calls.size() == 3);
    scene.send(answer(again, R"({"roots":[1]})"));
    REQUIRE(scene.served().calls.size() == 4);
    CHECK(scene.request(3).find(R"("inputResponses":{"r":{"roots":[1]}},"requestState":"2")") !=
          std::string::npos);
    CHECK(id_of(scene.request(3)) != id_of(scene.request(2)));
}

TEST_CASE("answers reach the call that asked, of several") {
    InputScene scene;
    auto& other =
        scene.call(R"({"jsonrpc":"2.0","id":8,"method":"prompts/get","params":{"name":"p"}})");
    scene.say(1, input_required(kRoots));
    scene.say(2, input_required(kRoots, "8"));
    CHECK(id_of(scene.client->got.at(0)) != id_of(other.got.at(0)));
    scene.send(answer(id_of(other.got.at(0)), R"({"roots":[8]})"));
    REQUIRE(scene.served().calls.size() == 4);
    CHECK(scene.request(3).find(R"("method":"prompts/get")") != std::string::npos);
    CHECK(scene.request(3).find(R"({"roots":[8]})") != std::string::npos);
}

TEST_CASE("a client that refuses elicitation cancels it, and the call goes on") {
    InputScene scene;
    scene.say(1, input_required(R"("inputRequests":{"e":{"method":"elicitation/create",)"
                                R"("params":{"mode":"url","url":"https://a"}}})"));
    scene.send(R"({"jsonrpc":"2.0","id":)" + id_of(scene.client->got.at(0)) +
               R"(,"error":{"code":-32601,"message":"no"}})");
    REQUIRE(scene.served().calls.size() == 3);
    CHECK(scene.request(2).find(R"("inputResponses":{"e":{"action":"cancel"}})") !=
          std::string::npos);
}

TEST_CASE("a client that refuses sampling or roots ends its own call with its own error") {
    InputScene scene;
    scene.say(1, input_required(R"("inputRequests":{"s":{"method":"sampling/createMessage",)"
                                R"("params":{}},"r":{"method":"roots/list"}})"));
    REQUIRE(scene.client->got.size() == 2);
    const std::string sampling = id_of(scene.client->got[0]), roots = id_of(scene.client->got[1]);
    scene.send(R"({"jsonrpc":"2.0","id":)" + sampling +
               R"(,"error":{"code":-1,"message":"rejected","data":{"n":1.0}}})");
    CHECK(Texts(scene.client->got.begin() + 2, scene.client->got.end()) ==
          Texts{R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
                    roots + "}}",
                R"({"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"rejected",)"
                R"("data":{"n":1.0}}})"});
    CHECK(scene.client->outcome->has_value());
    scene.send(answer(roots, "{}"));
    CHECK(scene.served().calls.size() == 2);
}

TEST_CASE("a state without a question is sent back at once, but not for ever") {
    BridgeSettings settings;
    settings.max_input_rounds = 1;
    InputScene scene(settings);
    scene.say(1, input_required(R"("requestState":"busy")"));
    REQUIRE(scene.served().calls.size() == 3);
    CHECK(scene.client->got.empty());
    CHECK(scene.request(2).find(R"("requestState":"busy")") != std::string::npos);
    CHECK(scene.request(2).find("inputResponses") == std::string::npos);
    scene.say(2, input_required(R"("requestState":"busy")", id_of(scene.request(2))));
    REQUIRE(scene.client->got.size() == 1);
    CHECK(scene.client->got[0].starts_with(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32603,)"));
    CHECK(scene.served().calls.size() == 3);
}

TEST_CASE("a server that is busy for longer is asked again after a while") {
    InputScene scene;
    scene.say(1, input_required(R"("requestState":"1")"));
    scene.say(2, input_required(R"("requestState":"2")", id_of(scene.request(2))));
    CHECK(scene.served().calls.size() == 3);
    while (scene.served().calls.size() == 3)
        scene.worker.context().run_one();
    CHECK(scene.request(3).find(R"("requestState":"2")") != std::string::npos);
    scene.cancel(*scene.client);
    CHECK(scene.client->outcome->has_error());
}

TEST_CASE("a call that is cancelled while it pauses ends at once") {
    InputScene scene;
    scene.say(1, input_required(R"("requestState":"1")"));
    scene.say(2, input_required(R"("requestState":"2")", id_of(scene.request(2))));
    scene.cancel(*scene.client);
    CHECK(scene.client->outcome->error().code() == ErrorCode::cancelled);
    CHECK(scene.served().calls.size() == 3);
}

TEST_CASE("a call that is cancelled while the client is asked ends, late answers are ignored") {
    InputScene scene;
    scene.say(1, input_required(kRoots));
    const std::string question = id_of(scene.client->got.at(0));
    scene.cancel(*scene.client);
    CHECK(scene.client->outcome->error().code() == ErrorCode::cancelled);
    CHECK(scene.client->got.size() == 1);
    scene.send(answer(question, R"({"roots":[]})"));
    CHECK(scene.served().calls.size() == 2);
}

TEST_CASE("a call that waits for its client fails when the link ends or is closed") {
    for (const bool crashes : {true, false}) {
        InputScene scene;
        scene.say(1, input_required(kRoots));
        if (crashes) {
            scene.crash();
        } else {
            scene.close();
        }
        REQUIRE(scene.client->outcome);
        CHECK(scene.client->outcome->error().code() ==
              (crashes ? ErrorCode::crashed : ErrorCode::closed));
    }
}

TEST_CASE("a retry that fails before it is sent is not harmless to repeat: the call was sent") {
    InputScene scene;
    scene.say(1, input_required(R"("requestState":"1")"));
    sdk::Error refused = sdk::upstream_error(ErrorCode::unreachable, "refused");
    scene.fail(2, refused.mark_nothing_sent());
    CHECK(scene.client->outcome->error().code() == ErrorCode::unreachable);
    CHECK_FALSE(scene.client->outcome->error().nothing_sent());
}

TEST_CASE("a first attempt that was not sent may be repeated") {
    InputScene scene;
    sdk::Error refused = sdk::upstream_error(ErrorCode::unreachable, "refused");
    scene.fail(1, refused.mark_nothing_sent());
    CHECK(scene.client->outcome->error().nothing_sent());
}

TEST_CASE("a client is never asked for what it did not offer") {
    InputScene scene(BridgeSettings(), R"({"sampling":{}})");
    scene.say(1, input_required(kRoots));
    REQUIRE(scene.client->got.size() == 1);
    CHECK(scene.client->got[0].starts_with(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32603,)"));
}

TEST_CASE("input for a method that takes none is an invalid result") {
    SessionLinkScene scene(true);
    scene.greet(kCapabilities);
    auto& listed = scene.call(R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})");
    scene.say(1, input_required(kRoots));
    REQUIRE(listed.got.size() == 1);
    CHECK(listed.got[0].starts_with(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32603,)"));
}

TEST_CASE("a client that answers while it is being asked") {
    SessionLinkScene scene(true);
    scene.greet(kCapabilities);
    class QuickClient final : public sdk::ReplyStream {
    public:
        explicit QuickClient(sdk::Link& to) : link(to) {}
        sdk::awaitable<sdk::Result<void>> write(sdk::Message reply) override {
            if (reply.is_request()) {
                sdk::Message quick = sdk::make_result(reply.id(), R"({"roots":[]})");
                co_return co_await link.send(std::move(quick));
            }
            last = reply.bytes();
            co_return sdk::Result<void>();
        }
        sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message response) override {
            return write(std::move(response));
        }
        sdk::Link& link;
        std::string last;
    };
    QuickClient client(*scene.link);
    sdk::Cancellation cancellation;
    const auto perform = [](sdk::Link& link, QuickClient& to, sdk::Cancellation& until,
                            sdk::Message request) -> sdk::awaitable<> {
        co_await link.call(std::move(request), to, until);
    };
    spawn_logged(scene.worker,
                 perform(*scene.link, client, cancellation, SessionLinkScene::parsed(kCall)),
                 "test.call");
    scene.worker.poll();
    scene.say(1,
              input_required(
                  R"("inputRequests":{"a":{"method":"roots/list"},"b":{"method":"roots/list"}})"));
    REQUIRE(scene.served().calls.size() == 3);
    CHECK(scene.request(2).find(R"({"a":{"roots":[]},"b":{"roots":[]}})") != std::string::npos);
    scene.say(2, R"({"jsonrpc":"2.0","id":)" + id_of(scene.request(2)) + R"(,"result":{}})");
    CHECK(client.last == R"({"jsonrpc":"2.0","id":7,"result":{}})");
}
