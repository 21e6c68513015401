// SPDX-License-Identifier: Apache-2.0
// Batches on one line, which only sessions of 2025-03-26 know.
#include "listener_scene.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

std::string initialize(const std::string& version) {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           version + "\"}}\n";
}

/// The lines of `text` as one batch on one line.
std::string batch(std::string text) {
    text.pop_back();
    std::ranges::replace(text, '\n', ',');
    return "[" + text + "]\n";
}

/// A client whose session has agreed on `version`.
class Initialized : public Client {
public:
    explicit Initialized(const std::string& version, const Json& config = Json::object())
        : Client(config) {
        start();
        say(initialize(version));
        hear(2);
        host.session->log.clear();
    }
};

}  // namespace

TEST_CASE("a batch is answered with one line, in the order in which the answers came") {
    Initialized client("2025-03-26");
    client.say(batch(request(1, "hold") + request(2, "broken") + note("release") + "\n"));
    const Json answers = Json::parse(client.hear(1).front());
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].at("id") == 2);
    CHECK(answers[0].contains("error"));
    CHECK(answers[1] == Json::parse(answer(1)));
    CHECK(client.host.session->log == Lines{"request 1", "request 2", "notify release"});
}

TEST_CASE("what the server says meanwhile does not wait for the batch") {
    Initialized client("2025-03-26");
    client.say(batch(request(1, "hold") + request(2, "flood")));
    CHECK(client.hear(3) == Lines{note("note"), note("note"), note("note")});
    client.say(note("release") + "\n");
    CHECK(client.hear(1) == Lines{"[" + answer(2) + "," + answer(1) + "]"});
}

TEST_CASE("a batch with one request is answered by its response alone") {
    Initialized client("2025-03-26");
    client.say(batch(note("a") + "\n" + request(1, "echo")));
    CHECK(client.hear(1) == Lines{answer(1)});
}

TEST_CASE("a batch of notifications or of responses is taken without an answer") {
    Initialized client("2025-03-26");
    client.say(batch(note("a") + "\n" + note("b") + "\n"));
    client.say(batch(R"({"jsonrpc":"2.0","id":9,"result":{}})"
                     "\n"));
    client.say(request(1, "echo"));
    CHECK(client.hear(1) == Lines{answer(1)});
    CHECK(client.host.session->log == Lines{"notify a", "notify b", "notify ", "request 1"});
}

TEST_CASE("a batch that is none is refused as a whole, and the next line works") {
    Initialized client("2025-03-26");
    client.say("[]\n[1]\n" + batch(request(1, "echo") + "{}\n") + request(2, "echo"));
    const Lines lines = client.hear(4);
    CHECK(code_of(lines[0]) == sdk::json_rpc::kInvalidRequest);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kInvalidRequest);
    CHECK(code_of(lines[2]) == sdk::json_rpc::kInvalidRequest);
    CHECK(lines[3] == answer(2));
}

TEST_CASE("a batch may be larger than what may be in flight") {
    Initialized client("2025-03-26", Json{{"max_in_flight", 1}});
    client.say(batch(request(1, "echo") + request(2, "echo") + request(3, "echo")));
    CHECK(client.hear(1) == Lines{"[" + answer(1) + "," + answer(2) + "," + answer(3) + "]"});
}

TEST_CASE("sessions of other revisions know no batches") {
    for (const char* version : {"2024-11-05", "2025-06-18", "2025-11-25"}) {
        Initialized client(version);
        client.say(batch(request(1, "echo") + request(2, "echo")) + request(3, "echo"));
        const Lines lines = client.hear(2);
        CHECK(code_of(lines[0]) == sdk::json_rpc::kInvalidRequest);
        CHECK(lines[1] == answer(3));
    }
}

TEST_CASE("a batch is answered as far as it got when stdin ends behind it") {
    Initialized client("2025-03-26", Json{{"drain_secs", 0}});
    client.say(batch(request(1, "echo") + request(2, "hold")));
    client.hang_up();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(1) == Lines{"[" + answer(1) + "," + answer(2) + "]"});
}
