// SPDX-License-Identifier: Apache-2.0
// `tape export`: other programs can read what comes out.
#include "cli/exporter.hpp"
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace shadowcat;
using namespace shadowcat::tape;
using sdk::Json;

namespace {

Json exported(const TapeText& tape, const std::string& format) {
    TapeBench bench;
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"export", "one", "--format", format});
    CHECK(ran.code == 0);
    CHECK(ran.errors.empty());
    return Json::parse(ran.out);
}

/// What a HAR entry must have.
void check_entry(const Json& entry) {
    for (const char* key : {"startedDateTime", "time", "request", "response", "cache", "timings"})
        CHECK(entry.contains(key));
    for (const char* key : {"method", "url", "httpVersion", "cookies", "headers", "queryString",
                            "headersSize", "bodySize"})
        CHECK(entry["request"].contains(key));
    for (const char* key : {"status", "statusText", "httpVersion", "cookies", "headers", "content",
                            "redirectURL", "headersSize", "bodySize"})
        CHECK(entry["response"].contains(key));
    for (const char* key : {"send", "wait", "receive"})
        CHECK(entry["timings"][key].get<double>() >= 0);
    CHECK(entry["response"]["content"].contains("mimeType"));
}

}  // namespace

TEST_CASE("HAR: messages on stdio become POSTs") {
    const Json har = exported(short_session(), "har");
    CHECK(har["log"]["version"] == "1.2");
    CHECK(har["log"]["creator"]["name"] == "shadowcat");
    const Json& entries = har["log"]["entries"];
    REQUIRE(entries.size() == 4);
    for (const Json& entry : entries)
        check_entry(entry);
    const Json& call = entries[2];
    CHECK(call["startedDateTime"] == "2026-11-25T21:31:44.133Z");
    CHECK(call["time"] == 12.5);
    CHECK(call["request"]["method"] == "POST");
    CHECK(call["request"]["url"] == "http://127.0.0.1:8080/mcp");
    CHECK(Json::parse(call["request"]["postData"]["text"].get<std::string>())["method"] ==
          "tools/call");
    CHECK(call["response"]["status"] == 200);
    CHECK(call["response"]["content"]["mimeType"] == "application/json");
    CHECK(holds(call["comment"].get<std::string>(), "not sent like this"));
    CHECK(entries[1]["response"]["status"] == 202);  // the notification
    CHECK(holds(entries[3]["request"]["postData"]["text"].get<std::string>(),
                "12345678901234567890"));
}

TEST_CASE("HAR: what came along with a call is on its event stream; what never ended is there") {
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}})", 5);
    tape.server(2, R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}})",
                "", 5);
    tape.server(3, R"({"jsonrpc":"2.0","id":1,"result":{}})", "tools/call", 5);
    tape.server(4, R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    tape.client(5, R"({"jsonrpc":"2.0","id":2,"method":"ping"})", 6);
    const Json har = exported(tape, "har");
    const Json& entries = har["log"]["entries"];
    REQUIRE(entries.size() == 3);
    CHECK(entries[0]["response"]["content"]["mimeType"] == "text/event-stream");
    const auto body = entries[0]["response"]["content"]["text"].get<std::string>();
    CHECK(body.starts_with("event: message\ndata: {\"jsonrpc\""));
    CHECK(holds(body, "notifications/progress"));
    CHECK(entries[1]["request"]["method"] == "GET");
    CHECK(entries[2]["response"]["status"] == 0);
    CHECK(holds(entries[2]["comment"].get<std::string>(), "no response"));
}

TEST_CASE("HAR: recorded HTTP exchanges") {
    TapeText tape;
    tape.raw(
        R"({"type":"event","ts":1,"event":"http_request","hop":"downstream","stream":7,"method":"POST","target":"/mcp?a=b%20c&d","headers":[["host","localhost:9000"],["content-type","application/json"]]})");
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"ping"})", 1, 7);
    tape.raw(
        R"({"type":"event","ts":2,"event":"http_request","hop":"upstream","stream":7,"method":"POST","target":"/up"})");
    tape.raw(
        R"({"type":"event","ts":5,"event":"http_response","hop":"downstream","stream":7,"status":200,"headers":[["content-type","application/json"]]})");
    tape.server(6, R"({"jsonrpc":"2.0","id":1,"result":{}})", "ping", 1, 7);
    tape.raw(
        R"({"type":"event","ts":8,"event":"stream_closed","hop":"downstream","stream":7,"text":"done"})");
    const Json har = exported(tape, "har");
    REQUIRE(har["log"]["entries"].size() == 1);
    const Json& entry = har["log"]["entries"][0];
    check_entry(entry);
    CHECK(entry["request"]["url"] == "http://localhost:9000/mcp?a=b%20c&d");
    CHECK(entry["request"]["queryString"] ==
          Json::parse(R"([{"name":"a","value":"b c"},{"name":"d","value":""}])"));
    CHECK(entry["request"]["headers"].size() == 2);
    CHECK(entry["response"]["content"]["text"] == R"({"jsonrpc":"2.0","id":1,"result":{}})");
    CHECK(entry["time"] == 7);
    CHECK_FALSE(entry.contains("comment"));
}

TEST_CASE("HAR: a notification that doesn't say so is the body of the POST that has none") {
    TapeText tape;
    tape.raw(
        R"({"type":"event","ts":1,"event":"http_request","hop":"downstream","stream":7,"method":"POST","target":"/mcp"})");
    tape.client(1, R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    tape.raw(
        R"({"type":"event","ts":2,"event":"http_response","hop":"downstream","stream":7,"status":202})");
    const Json har = exported(tape, "har");
    REQUIRE(har["log"]["entries"].size() == 1);
    CHECK(har["log"]["entries"][0]["response"]["status"] == 202);
    CHECK(holds(har["log"]["entries"][0]["request"]["postData"]["text"].get<std::string>(),
                "notifications/initialized"));
}

TEST_CASE("JSON: the whole tape, numbers as they were") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const RanCommand ran = bench.run({"export", "one", "--format", "json"});
    const Json document = Json::parse(ran.out);
    CHECK(document["init"]["tape_id"] == "3f2a6c1e-0000-4000-8000-000000000001");
    CHECK(document["lines"].size() == 8);
    CHECK(holds(ran.out, "12345678901234567890"));
}

TEST_CASE("JSON of a tape without lines") {
    CHECK(exported(TapeText(), "json")["lines"].empty());
    CHECK(exported(TapeText(), "har")["log"]["entries"].empty());
    CHECK(exported(TapeText(), "postman")["item"].empty());
}

TEST_CASE("Postman: requests with bodies that can't reach for variables") {
    TapeText tape = short_session();
    tape.client(
        3000,
        R"({"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"x","arguments":{"a":"{{secret}}"}}})");
    const Json collection = exported(tape, "postman");
    CHECK(collection["info"]["schema"] ==
          "https://schema.getpostman.com/json/collection/v2.1.0/collection.json");
    REQUIRE(collection["item"].size() == 5);
    CHECK(collection["item"][0]["event"][0]["listen"] == "test");
    CHECK(collection["item"][2]["name"] == "3 tools/call echo");
    const Json& request = collection["item"][4]["request"];
    CHECK(request["method"] == "POST");
    CHECK(request["url"] == "{{baseUrl}}");
    const auto body = request["body"]["raw"].get<std::string>();
    CHECK_FALSE(holds(body, "{{"));
    CHECK(Json::parse(body)["params"]["arguments"]["a"] == "{{secret}}");
}

TEST_CASE("curl: a script that a shell runs, and that sends what was sent") {
    TapeBench bench;
    TapeText tape = short_session();
    const std::string evil =
        R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"a'; touch owned; '\nb","arguments":{"x":"$(touch owned)`touch owned`\\"}}})";
    tape.client(3000, evil);
    bench.write("one.jsonl", tape.text());
    CHECK(bench
              .run({"export", "one", "--format", "curl", "--url", "http://h/'x", "--output",
                    bench.path("run.sh")})
              .code == 0);
    // A curl that keeps what it is told to send.
    const std::string curl = bench.write(
        "curl",
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >> arguments\ncat >> bodies\necho >> bodies\n"
        "while [ $# -gt 0 ]; do [ \"$1\" = -D ] && printf 'Mcp-Session-Id: abc\\r\\n' > \"$2\"; "
        "shift; done\n");
    std::filesystem::permissions(curl, std::filesystem::perms::owner_all);
    const std::string command =
        "cd '" + bench.directory.string() + "' && PATH=\"$PWD:$PATH\" sh run.sh > /dev/null";
    CHECK(std::system(command.c_str()) == 0);
    CHECK_FALSE(std::filesystem::exists(bench.path("owned")));
    std::istringstream bodies(bench.read("bodies"));
    std::vector<std::string> sent;
    for (std::string line; std::getline(bodies, line);)
        sent.push_back(line);
    REQUIRE(sent.size() == 5);
    CHECK(
        sent[2] ==
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"message":"it's $HOME"}}})");
    CHECK(sent[4] == evil);
    const std::string arguments = bench.read("arguments");
    CHECK(holds(arguments, "-X POST http://h/'x -D "));
    CHECK(holds(arguments, "-H Mcp-Session-Id: abc"));
    CHECK_FALSE(holds(arguments.substr(0, arguments.find('\n')), "Mcp-Session-Id"));
}

TEST_CASE("curl: requests of the stateless era carry their headers") {
    TapeBench bench;
    TapeText tape;
    tape.client(
        1,
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"grün","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})");
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"export", "one", "--format", "curl"});
    CHECK(holds(ran.out,
                "| post -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' -H "
                "'Mcp-Name: =?base64?"));
}

TEST_CASE("words for a shell") {
    CHECK(shell_quoted("") == "''");
    CHECK(shell_quoted("a'b\n$c") == "'a'\\''b\n$c'");
    CHECK(shell_quoted(std::string_view("a\0b", 3)) == "'ab'");
}

TEST_CASE("a file is only for its owner, and not replaced unless asked") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const std::string file = bench.path("out.json");
    const std::vector<std::string> arguments = {"export", "one",      "--format",
                                                "json",   "--output", file};
    CHECK(bench.run(arguments).code == 0);
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const RanCommand again = bench.run(arguments);
    CHECK(again.code == 1);
    CHECK(again.errors == "shadowcat: \"" + file + "\" exists already; --force replaces it\n");
    std::vector<std::string> forced = arguments;
    forced.push_back("--force");
    CHECK(bench.run(forced).code == 0);
}

TEST_CASE("a link is not followed, and a missing directory is said") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    std::filesystem::create_symlink(bench.path("elsewhere"), bench.path("link"));
    CHECK(
        bench.run({"export", "one", "--format", "json", "--output", bench.path("link"), "--force"})
            .code == 1);
    CHECK_FALSE(std::filesystem::exists(bench.path("elsewhere")));
    const RanCommand missing =
        bench.run({"export", "one", "--format", "json", "--output", bench.path("no/x")});
    CHECK(missing.code == 1);
    CHECK(holds(missing.errors, "No such file or directory"));
}
