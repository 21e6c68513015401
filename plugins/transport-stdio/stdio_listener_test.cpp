// SPDX-License-Identifier: Apache-2.0
// The listener between two pipes and a scripted core: what a client on stdio sees.
#include "listener_scene.hpp"

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

TEST_CASE("requests are answered, and what the session says by itself comes too") {
    Client client;
    client.start();
    CHECK(client.listener->address() == "stdio");
    CHECK(client.hear(1) == Lines{note("hello")});
    client.say(request(1, "echo"));
    CHECK(client.hear(1) == Lines{answer(1)});
    client.say(request(2, "flood"));
    CHECK(client.hear(4) == Lines{note("note"), note("note"), note("note"), answer(2)});
}

TEST_CASE("messages reach the session in the order of their lines") {
    Client client;
    client.start();
    client.say(request(1, "hold") + note("release") + "\n" + request(2, "echo") +
               R"({"jsonrpc":"2.0","id":9,"result":{}})" + "\n");
    client.hear(3);
    CHECK(client.host.session->log == Lines{"request 1", "notify release", "request 2", "notify "});
}

TEST_CASE("a broken line is answered without an id, and the next one works") {
    Client client;
    client.start();
    client.hear(1);
    client.say("{\"jsonrpc\":\n[]\n{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"x\"}\n\n" +
               request(1, "echo"));
    const Lines lines = client.hear(4);
    CHECK(code_of(lines[0]) == sdk::json_rpc::kParseError);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kInvalidRequest);
    CHECK(code_of(lines[2]) == sdk::json_rpc::kInvalidRequest);
    CHECK_FALSE(Json::parse(lines[0]).contains("id"));
    CHECK(lines[3] == answer(1));
}

TEST_CASE("a message over the limit is refused, and the next one works") {
    Client client(Json{{"max_message_bytes", 1024}, {"max_depth", 8}});
    client.start();
    client.hear(1);
    client.say(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(200000, 'x') + "\"}\n" +
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":[[[[[[[[[[]]]]]]]]]]})" + "\n");
    client.say(request(1, "echo"));
    Lines lines = client.hear(3);
    std::sort(lines.begin(), lines.end());
    CHECK(code_of(lines[0]) == sdk::json_rpc::kInvalidRequest);
    CHECK(lines[0].find("limit of 1024 bytes") != std::string::npos);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kParseError);
    CHECK(lines[2] == answer(1));
}

TEST_CASE("no more requests are read than may be in flight, but what they wait for is") {
    Client client(Json{{"max_in_flight", 2}});
    client.start();
    client.say(request(1, "hold") + request(2, "hold") + note("x") + "\n" + request(3, "hold") +
               note("release") + "\n");
    CHECK(client.until([&] { return client.host.session->log.size() == 3; }));
    client.host.worker.poll();
    CHECK(client.host.session->log == Lines{"request 1", "request 2", "notify x"});
    auto release = [&]() -> awaitable<> {
        co_await client.host.session->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    client.hear(4);
}

TEST_CASE("a client that doesn't read is waited for, with bounded memory and nothing lost") {
    Client client;
    client.start();
    client.hear(1);
    client.say(request(1, "stream"));
    ScriptedSession& session = *client.host.session;
    CHECK(client.until([&] { return session.streamed >= 10; }));
    for (int i = 0; i < 100; ++i)
        client.host.worker.poll();
    CHECK(session.streamed < ScriptedSession::kStream);
    CHECK(session.answered == 0);
    client.say(request(2, "echo"));  // still taken; its answer has its place behind the others
    const Lines lines = client.hear(ScriptedSession::kStream + 2);
    CHECK(lines.size() == ScriptedSession::kStream + 2);
    CHECK(session.answered == 2);
}

TEST_CASE("a regular file can be stdin") {
    const TemporaryDirectory home;
    const std::string path = home.file("input", request(1, "echo") + request(2, "echo"), false);
    const UniqueFd input(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    Client client;
    int output[2];
    REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
    const UniqueFd reader(output[0]), writer(output[1]);
    client.start(input.get(), writer.get());
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(::read(reader.get(), text.data(), text.size())));
    CHECK(text == note("hello") + "\n" + answer(1) + "\n" + answer(2) + "\n");
}

TEST_CASE("a pipe that others use as well stays blocking for them") {
    Client client;
    client.start();
    CHECK((::fcntl(client.to().read.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("where lines pass, what is no message is told as it is, and refused if nobody takes it") {
    Client client;
    client.host.lines_pass = true;
    client.start();
    client.hear(1);
    client.say("not JSON\r\n\n" + request(1, "echo"));
    CHECK(client.hear(1) == Lines{answer(1)});
    CHECK(client.host.session->texts == Lines{"not JSON\r", ""});
    client.host.session->takes_texts = false;
    client.say("[]\n \n" + request(2, "echo"));
    const Lines heard = client.hear(2);
    CHECK(code_of(heard[0]) == -32600);
    CHECK(heard[1] == answer(2));
}
