// SPDX-License-Identifier: Apache-2.0
// What transport observers are told of clients' exchanges, and connections that are broken off.
#include "testing/listener_rig.hpp"
#include "testing/recording_observer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat::http;

namespace {

using Lines = std::vector<std::string>;

awaitable<> observe(Worker& worker, TransportObserver* observer) {
    worker.set_observer(observer);
    co_return;
}

/// A rig whose workers are observed. Numbers count from the first exchange on.
class Scene {
public:
    explicit Scene(std::size_t workers = 1, const Json& config = Json::object())
        : rig(config, workers) {
        for (std::size_t i = 0; i < workers; ++i)
            rig.run(i, observe(*rig.host.workers()[i], &observer));
    }
    ~Scene() {
        for (std::size_t i = 0; i < rig.host.workers().size(); ++i)
            rig.run(i, observe(*rig.host.workers()[i], nullptr));
    }

    /// The number that a session is told its exchange has.
    static std::uint64_t number_in(const Response& response) {
        return Json::parse(response.body).at("result").get<std::uint64_t>();
    }

    RecordingObserver observer;
    ListenerRig rig;
};

std::string call(std::string_view method, std::string_view name = {}) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + "\"";
    if (!name.empty()) text += R"(,"params":{"name":")" + std::string(name) + "\"}";
    return text + "}";
}

std::string listen_in(const std::string& session) {
    return request("GET", "Accept: text/event-stream\r\nMcp-Session-Id: " + session + "\r\n");
}

std::string hash(std::uint64_t number) { return " #" + std::to_string(number); }

}  // namespace

TEST_CASE("an exchange is told from its request to its end, with the session's label") {
    Scene scene;
    RawClient client = scene.rig.connect();
    const std::string session = scene.rig.open_session(client);
    const Response response =
        client.ask(post_in(session, call("stream")) /* and the number comes back */);
    const std::uint64_t number = Scene::number_in(response);
    REQUIRE(number > 1);
    const std::string before = hash(number - 1), mine = hash(number);
    CHECK(scene.observer.wait_for(6) ==
          Lines{"request" + before + " label-0-1 POST /mcp", "response" + before + " label-0-1 200",
                "closed" + before + " label-0-1 complete",
                "request" + mine + " label-0-1 POST /mcp", "response" + mine + " label-0-1 200",
                "closed" + mine + " label-0-1 complete"});
    CHECK(scene.observer.has_field("Content-Type: application/json"));
    CHECK(scene.observer.has_field("Host: localhost"));
    CHECK(scene.observer.has_field("Mcp-Session-Id: " + session));
}

TEST_CASE("events of a stream are told with their framing") {
    Scene scene;
    RawClient client = scene.rig.connect();
    const std::string session = scene.rig.open_session(client);
    CHECK(client.ask(post_in(session, call("events"))).status == 200);
    const Lines lines = scene.observer.wait_for(9);
    REQUIRE(lines.size() == 9);
    CHECK(lines[4].ends_with(" label-0-1 200"));
    CHECK(lines[5].ends_with(" label-0-1 id=a.0"));
    CHECK(lines[6].ends_with(" label-0-1 message id=a.1 bytes=33"));
    CHECK(lines[7].find(" label-0-1 message id=a.2 bytes=") != std::string::npos);
    CHECK(lines[8].ends_with(" label-0-1 complete"));
    CHECK(scene.observer.has_field("Content-Type: text/event-stream"));
}

TEST_CASE("a GET stream is told until its client has gone") {
    Scene scene;
    RawClient client = scene.rig.connect();
    const std::string session = scene.rig.open_session(client);
    {
        RawClient stream = scene.rig.connect();
        stream.send(listen_in(session));
        CHECK(stream.read_head().status == 200);
        CHECK(scene.rig.host.journal.wait_for("listening"));
    }
    const Lines lines = scene.observer.wait_for(6);
    REQUIRE(lines.size() == 6);
    CHECK(lines[3].ends_with(" label-0-1 GET /mcp"));
    CHECK(lines[4].ends_with(" label-0-1 200"));
    CHECK(lines[5].ends_with(" label-0-1 client gone"));
}

TEST_CASE("refused requests are told without a session; pages are not told at all") {
    Scene scene;
    RawClient client = scene.rig.connect();
    CHECK(client.ask(request("GET", "", "/health")).status == 200);
    CHECK(client.ask(post_in("0-99", call("echo"))).status == 404);
    CHECK(client.ask(post("{")).status == 400);
    const Lines lines = scene.observer.wait_for(6);
    REQUIRE(lines.size() == 6);
    CHECK(lines[0].ends_with(" POST /mcp"));
    CHECK(lines[1].ends_with(" 404"));
    CHECK(lines[2].ends_with(" complete"));
    CHECK(lines[4].ends_with(" 400"));
    CHECK(std::ranges::none_of(
        lines, [](const std::string& line) { return line.find("label") != std::string::npos; }));
}

TEST_CASE("numbers differ on all workers, and stay with an exchange that moves") {
    Scene scene(2);
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < 4; ++i) {
        RawClient opener = scene.rig.connect(), other = scene.rig.connect();
        const std::string session = scene.rig.open_session(opener);
        numbers.push_back(Scene::number_in(other.ask(post_in(session, call("stream")))));
        numbers.push_back(Scene::number_in(opener.ask(post_in(session, call("stream")))));
    }
    std::ranges::sort(numbers);
    CHECK(std::ranges::adjacent_find(numbers) == numbers.end());
    CHECK(numbers.front() > 0);
    const Lines lines = scene.observer.wait_for(36);
    for (const std::uint64_t number : numbers) {
        const auto of_this = [&](const std::string& line) {
            return line.find(hash(number) + " ") != std::string::npos;
        };
        CHECK(std::ranges::count_if(lines, of_this) == 3);
    }
}

TEST_CASE("without an observer exchanges have no numbers") {
    ListenerRig rig(Json::object(), 1);
    RawClient client = rig.connect();
    const std::string session = rig.open_session(client);
    CHECK(Scene::number_in(client.ask(post_in(session, call("stream")))) == 0);
}

TEST_CASE("a severed answer is none: the connection breaks off") {
    for (const char* when : {"", "late"}) {
        for (const std::size_t workers : {std::size_t{1}, std::size_t{2}}) {
            Scene scene(workers);
            RawClient client = scene.rig.connect();
            const std::string session = scene.rig.open_session(client);
            CHECK(client.send(post_in(session, call("sever", when))));
            const std::string rest = client.read_to_end();
            CHECK(rest.find("\"result\"") == std::string::npos);
            CHECK((rest.find("note") != std::string::npos) == (std::string_view(when) == "late"));
            CHECK(scene.rig.host.journal.wait_for("severed"));
            const Lines lines = scene.observer.wait_for(*when == '\0' ? 5 : 7);
            CHECK(lines.back().ends_with(" severed"));
        }
    }
}

TEST_CASE("the session of a severed connection lives on") {
    ListenerRig rig(Json::object(), 1);
    RawClient client = rig.connect(), next = rig.connect();
    const std::string session = rig.open_session(client);
    CHECK(client.send(post_in(session, call("sever"))));
    CHECK(client.read_to_end().empty());
    CHECK(next.ask(post_in(session, call("where"))).status == 200);
}
