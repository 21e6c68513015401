// SPDX-License-Identifier: Apache-2.0
// Stateless requests on servers that are stateless too.
#include "core/stateless/stateless_desk.hpp"

#include "core/session/transcript.hpp"

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;

namespace {

const std::string kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";
const std::string kDiscovered =
    R"({"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{}})";

std::string ask(std::string_view id, std::string_view method = "tools/list") {
    return request(id, method, "{" + kMeta + "}");
}

class StatelessStage : public Stage {
public:
    StatelessStage() { table.serve_stateless(desk); }

    std::shared_ptr<sdk::ClientSession> converse() {
        auto opened = table.open_stateless({});
        REQUIRE(opened.has_value());
        return *opened;
    }

    /// A first request, which finds out that the server is stateless.
    void find_out() {
        ScriptedClient& first = client();
        request(converse(), first, ask("0"));
        say(0, result(id_of_call(1), kDiscovered));
        say(0, result(id_of_call(2)));
        REQUIRE(first.done);
        servers[0]->got.clear();
    }

    StatelessCommon common = StatelessCommon(CacheSettings());
    StatelessDesk desk = StatelessDesk(context, table, common);
};

}  // namespace

TEST_CASE("the server is asked once; then requests pass as they came, but for their id") {
    StatelessStage stage;
    ScriptedClient& client = stage.client();
    stage.request(stage.converse(), client, ask("\"a\""));
    REQUIRE(stage.servers.size() == 1);
    CHECK(message(stage.servers[0]->got.at(0)).method() == "server/discover");
    stage.say(0, result(id_of_call(1), kDiscovered));
    CHECK(stage.servers[0]->got.at(1) == ask(std::to_string(id_of_call(2))));
    stage.say(0, result(id_of_call(2), R"({"resultType":"complete","n":9007199254740993})"));
    CHECK(client.got ==
          Lines{result("\"a\"", R"({"resultType":"complete","n":9007199254740993})")});
    CHECK(client.done);
    ScriptedClient& second = stage.client();
    stage.request(stage.converse(), second, ask("1"));
    CHECK(stage.servers.size() == 1);
    CHECK(stage.servers[0]->got.at(2) == ask(std::to_string(id_of_call(3))));
    stage.say(0, result(id_of_call(3)));
    CHECK(second.done);
    CHECK(stage.metric("shadowcat_sessions") == 0);
}

TEST_CASE("clients that use the same id each get their own answer") {
    StatelessStage stage;
    stage.find_out();
    auto &a = stage.client(), &b = stage.client();
    stage.request(stage.converse(), a, ask("1"));
    stage.request(stage.converse(), b, ask("1"));
    stage.say(0, result(id_of_call(4), R"("second")"));
    stage.say(0, result(id_of_call(3), R"("first")"));
    CHECK(a.got == Lines{result(1, R"("first")")});
    CHECK(b.got == Lines{result(1, R"("second")")});
}

TEST_CASE("a request that is taken back is cancelled in the server, and nothing is said") {
    StatelessStage stage;
    stage.find_out();
    ScriptedClient& client = stage.client();
    const auto conversation = stage.converse();
    stage.request(conversation, client, ask("7", "tools/call"));
    stage.notify(
        conversation,
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
    CHECK(client.done);
    CHECK(client.got.empty());
    REQUIRE(stage.servers[0]->got.size() == 2);
    const sdk::Message cancelled = message(stage.servers[0]->got.at(1));
    CHECK(cancelled.method() == "notifications/cancelled");
    CHECK(cancelled.cancelled_id() == std::to_string(id_of_call(3)));
}

TEST_CASE("another client's cancellation changes nothing") {
    StatelessStage stage;
    stage.find_out();
    ScriptedClient& client = stage.client();
    stage.request(stage.converse(), client, ask("7", "tools/call"));
    stage.notify(
        stage.converse(),
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
    stage.say(0, result(id_of_call(3)));
    CHECK(client.got == Lines{result(7)});
}

TEST_CASE("a read that a crash interrupted is repeated on a fresh server, without asking again") {
    StatelessStage stage;
    stage.find_out();
    ScriptedClient& client = stage.client();
    stage.request(stage.converse(), client, ask("1"));
    stage.crash(0);
    REQUIRE(stage.servers.size() == 2);
    CHECK(stage.servers[1]->got == Lines{ask(std::to_string(id_of_call(1)))});
    stage.say(1, result(id_of_call(1)));
    CHECK(client.got == Lines{result(1)});
}

TEST_CASE("requests of the session era from a stateless server are dropped") {
    StatelessStage stage;
    stage.find_out();
    ScriptedClient& client = stage.client();
    stage.request(stage.converse(), client, ask("1", "tools/call"));
    stage.say(0, request("5", "roots/list"));
    stage.say(0, result(id_of_call(3)));
    CHECK(client.got == Lines{result(1)});
    CHECK(stage.servers[0]->got.size() == 1);
}
