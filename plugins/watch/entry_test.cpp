// SPDX-License-Identifier: Apache-2.0
// Entries as JSON and back.
#include "entry.hpp"

#include "pairs.hpp"
#include "testing.hpp"
#include "traffic_line.hpp"

using namespace shadowcat;
using namespace shadowcat::watch;

TEST_CASE("a program reads what happened") {
    Wanted wanted;
    wanted.payload_bytes = 10;
    Pairs pairs(10);
    Record request = noted(call_of("7", "echo"), kOut);
    pairs.see(request);
    Record record =
        noted(R"({"jsonrpc":"2.0","id":7,"error":{"code":-5,"message":"no"}})", kIn, "s1", wanted);
    record.at = request.at + std::chrono::microseconds(1500);
    pairs.see(record);
    record.entry.time = {};
    const sdk::Json expected = {{"ts", "1970-01-01T00:00:00.000Z"},
                                {"session", "s1"},
                                {"upstream", "primary"},
                                {"direction", "server_to_client"},
                                {"kind", "error"},
                                {"method", "tools/call"},
                                {"name", "echo"},
                                {"id", 7},
                                {"ms", 1.5},
                                {"bytes", 59},
                                {"error", {{"code", -5}, {"message", "no"}}},
                                {"payload", "{\"jsonrpc\"…"}};
    CHECK(to_json(record.entry) == expected);
}

TEST_CASE("ids keep their type, and digits that JSON libraries lose") {
    const auto id_of = [](const std::string& id) {
        return to_json(noted(call_of(id, "t"), kOut).entry)["id"].dump();
    };
    CHECK(id_of("0") == "0");
    CHECK(id_of("\"0\"") == "\"0\"");
    CHECK(id_of("9007199254740993") == "9007199254740993");
    CHECK(id_of("123456789012345678901234567890") == "\"123456789012345678901234567890\"");
}

TEST_CASE("what crosses as JSON reads the same on the other side") {
    Wanted wanted;
    wanted.payload_bytes = 100;
    std::vector<Entry> entries = {
        noted(call_of("\"x\"", "echo"), kOut, "s1", wanted).entry,
        noted(result_of("0"), kIn).entry,
        noted(R"({"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}})", kIn).entry,
        noted(R"({"jsonrpc":"2.0","id":1,"error":{"code":-5,"message":"\u001b"}})", kIn).entry,
        noted(R"({"jsonrpc":"2.0","method":"notifications/message","params":)"
              R"({"level":"error","data":"x"}})",
              kIn)
            .entry,
        dropped_entry(7)};
    sdk::TransportEvent event(sdk::TransportEvent::Kind::http_response, sdk::Hop::upstream, "s1");
    event.upstream = "primary";
    event.status = 404;
    event.text = "\xff";
    entries.push_back(record_of(event, wanted).entry);
    entries[1].elapsed = std::chrono::microseconds(12345);
    entries[2].by_proxy = true;
    for (const Entry& entry : entries) {
        const std::string text =
            to_json(entry).dump(-1, ' ', false, sdk::Json::error_handler_t::strict);
        CHECK(traffic_line(entry_from(sdk::Json::parse(text))) == traffic_line(entry));
    }
}

TEST_CASE("whatever else comes is an entry too") {
    CHECK(entry_from(sdk::Json::object()).kind == Entry::Kind::event);
    const Entry odd = entry_from({{"ts", "yesterday"},
                                  {"ms", -1},
                                  {"bytes", "many"},
                                  {"direction", "up"},
                                  {"error", 3},
                                  {"kind", 7},
                                  {"session", {1, 2}}});
    CHECK_FALSE(odd.elapsed.has_value());
    CHECK_FALSE(odd.direction.has_value());
    CHECK(odd.session.empty());
    CHECK_FALSE(traffic_line(odd).empty());
}
