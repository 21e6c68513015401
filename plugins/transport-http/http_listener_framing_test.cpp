// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 on a connection: pieces, pipelines, chunks, keep-alive, HTTP/1.0, 100-continue.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

std::string numbered_call(int id, std::string_view method, std::string_view name = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":)" + std::to_string(id);
    text.append(R"(,"method":")").append(method).append("\"");
    if (!name.empty()) text.append(R"(,"params":{"name":")").append(name).append("\"}");
    return text + "}";
}

std::string id_field(int id) { return "\"id\":" + std::to_string(id) + ","; }

}  // namespace

TEST_CASE("a request that comes byte by byte is answered as any other") {
    ListenerRig rig;
    RawClient client = rig.connect();
    for (char c : post(kInitialize))
        client.send(std::string_view(&c, 1));
    CHECK(client.read().status == 200);
}

TEST_CASE("pipelined requests are answered in order") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    std::string all;
    for (int id = 1; id <= 50; ++id)
        all += post_in(session, numbered_call(id, id % 10 == 0 ? "notes" : "where"));
    client.send(all);
    for (int id = 1; id <= 50; ++id) {
        const Response response = client.read();
        CHECK(response.status == 200);
        CHECK(response.body.find(id_field(id)) != std::string::npos);
    }
}

TEST_CASE("pipelined requests for sessions of two workers are answered in order") {
    ListenerRig rig;
    RawClient a = rig.connect(), b = rig.connect();
    const std::string first = rig.open_session(a), second = rig.open_session(b);
    std::string all;
    for (int id = 1; id <= 20; ++id)
        all += post_in(id % 2 ? first : second, numbered_call(id, "where"));
    a.send(all);
    for (int id = 1; id <= 20; ++id) {
        const Response response = a.read();
        CHECK(response.body.find(id_field(id)) != std::string::npos);
        CHECK(response.body.ends_with((id % 2 ? first : second).substr(0, 1) + "}"));
    }
}

TEST_CASE("chunked requests are understood") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string body(kInitialize);
    std::string text =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    for (char c : body)
        text += std::string("1\r\n") + c + "\r\n";
    CHECK(client.ask(text + "0\r\n\r\n").status == 200);
    CHECK(client.ask(text + "0\r\nTrailer: x\r\n\r\n").status == 200);
}

TEST_CASE("bodies and answers much larger than a read arrive whole") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    const std::string padding(3000000, ' ');
    const Response large_request =
        client.ask(post_in(session, padding + numbered_call(1, "where")));
    CHECK(large_request.status == 200);
    const Response large_answer = client.ask(post_in(session, numbered_call(2, "big", "5000000")));
    CHECK(large_answer.status == 200);
    CHECK(large_answer.complete);
    CHECK(large_answer.body.size() > 5000000);
    CHECK(large_answer.body.find_first_not_of('x', 40) == 5000000 + large_answer.body.find('x'));
    CHECK(client.ask(post_in(session, numbered_call(3, "where"))).status == 200);
}

TEST_CASE("Expect: 100-continue is answered before the body comes") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const std::string head =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Expect: 100-continue\r\nContent-Length: " +
        std::to_string(kInitialize.size()) + "\r\n\r\n";
    CHECK(client.ask(head).status == 100);
    CHECK(client.ask(kInitialize).status == 200);
    RawClient refused = rig.connect();
    const Response response = refused.ask(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
        "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    CHECK(response.status == 415);
    CHECK(response.field("connection") == "close");
    RawClient odd = rig.connect();
    CHECK(odd.ask(request("GET", "Expect: miracles\r\n")).status == 417);
}

TEST_CASE("Connection: close is honoured") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const Response response = client.ask(post(kInitialize, "Connection: close\r\n"));
    CHECK(response.status == 200);
    CHECK(response.field("connection") == "close");
    CHECK(client.at_end());
}

TEST_CASE("empty lines between requests are skipped") {
    ListenerRig rig;
    RawClient client = rig.connect();
    CHECK(client.ask("\r\n\r\n" + post(kInitialize)).status == 200);
    CHECK(client.ask("\r\n" + post(kInitialize)).status == 200);
}

TEST_CASE("a client that says no more still gets its answer") {
    ListenerRig rig;
    RawClient client = rig.connect();
    client.send(post(kInitialize));
    client.shutdown_send();
    CHECK(client.read().status == 200);
    CHECK(client.at_end());
}

TEST_CASE("HTTP/1.0 gets no chunks and no surprise connections") {
    ListenerRig rig;
    RawClient opener = rig.connect();
    const std::string session = rig.open_session(opener);
    const auto old_post = [&](const std::string& body, std::string_view fields) {
        std::string text = post_in(session, body);
        text.replace(text.find("HTTP/1.1"), 8, "HTTP/1.0");
        return text.insert(text.find("\r\n") + 2, fields);
    };
    RawClient plain = rig.connect();
    const Response json = plain.ask(old_post(numbered_call(1, "where"), ""));
    CHECK(json.status == 200);
    CHECK(json.field("connection") == "close");
    CHECK(plain.at_end());

    RawClient kept = rig.connect();
    const Response first =
        kept.ask(old_post(numbered_call(1, "where"), "Connection: keep-alive\r\n"));
    CHECK(first.field("connection") == "keep-alive");
    const Response events =
        kept.ask(old_post(numbered_call(2, "notes"), "Connection: keep-alive\r\n"));
    CHECK(events.status == 200);
    CHECK(events.field("connection") == "close");
    CHECK(events.field("transfer-encoding").empty());
    CHECK(events.body.find("\"result\"") != std::string::npos);
    CHECK(events.body.ends_with("\n\n"));
}

TEST_CASE("a target in absolute form is a path on the host it names") {
    ListenerRig rig;
    RawClient client = rig.connect();
    CHECK(client.ask("GET http://localhost:1/health HTTP/1.1\r\nHost: x\r\n\r\n").status == 200);
    CHECK(client.ask("GET http://evil/health HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 403);
}
