// SPDX-License-Identifier: Apache-2.0
// The line that is written about a request.
#include "record_line.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace shadowcat;
using namespace std::chrono_literals;
using access_log::FieldSet;

namespace {

std::string line_of(const sdk::ExchangeRecord& record, const FieldSet& fields = FieldSet()) {
    access_log::Line line;
    access_log::write_record(record, fields, line);
    return std::string(line.view());
}

/// 2026-01-31 12:00:00.007 UTC.
sdk::ExchangeRecord call() {
    using namespace std::chrono;
    sdk::ExchangeRecord record;
    record.started = sys_days(2026y / January / 31) + 12h + 7ms + 999us;
    record.elapsed = 12345us;
    record.first_reply = 9ms;
    record.session = "s1";
    record.principal = "alice";
    record.peer = "127.0.0.1:50000";
    record.method = "tools/call";
    record.name = "echo";
    record.upstream = "primary";
    record.outcome = "result";
    record.status = 200;
    record.attempts = 1;
    record.bytes_in = 112;
    record.bytes_out = 2048;
    record.trace =
        *sdk::TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    return record;
}

}  // namespace

TEST_CASE("a call's line says who, what, where, how it ended and how long it took") {
    CHECK(line_of(call()) ==
          R"({"ts":"2026-01-31T12:00:00.007Z","session":"s1","principal":"alice",)"
          R"("peer":"127.0.0.1:50000","method":"tools/call","tool":"echo","upstream":"primary",)"
          R"("outcome":"result","status":200,"bytes_in":112,"bytes_out":2048,)"
          R"("duration_ms":12.345,"first_reply_ms":9.000,"attempts":1,)"
          R"("trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"})"
          "\n");
}

TEST_CASE("a refused request's line has what there is, and the reason") {
    sdk::ExchangeRecord record;
    record.started = call().started;
    record.peer = "127.0.0.1:50000";
    record.outcome = "refused";
    record.reason = "session_limit";
    record.status = 503;
    record.error_code = -32000;
    CHECK(line_of(record) ==
          R"({"ts":"2026-01-31T12:00:00.007Z","peer":"127.0.0.1:50000","outcome":"refused",)"
          R"("reason":"session_limit","status":503,"error_code":-32000,"bytes_in":0,)"
          R"("bytes_out":0,"duration_ms":0.000})"
          "\n");
}

TEST_CASE("a name is called tool only in a tool's call") {
    sdk::ExchangeRecord record = call();
    record.method = "resources/read";
    record.name = "file:///etc/motd";
    const auto line = nlohmann::json::parse(line_of(record));
    CHECK(line["name"] == "file:///etc/motd");
    CHECK_FALSE(line.contains("tool"));
}

TEST_CASE("only the chosen fields are written") {
    CHECK(line_of(call(), FieldSet({"duration_ms", "tool", "reason"})) ==
          "{\"tool\":\"echo\",\"duration_ms\":12.345}\n");
}

TEST_CASE("a hostile record is one line of valid JSON, of bounded length") {
    const std::string hostile = "\n\"}{\xff" + std::string(100'000, '\x01');
    sdk::ExchangeRecord record = call();
    for (auto* text : {&record.session, &record.principal, &record.peer, &record.method,
                       &record.name, &record.upstream, &record.outcome, &record.reason})
        *text = hostile;
    record.bytes_in = record.bytes_out = UINT64_MAX;
    record.status = record.error_code = INT32_MIN;
    record.attempts = UINT32_MAX;
    record.elapsed = record.first_reply = sdk::Duration::max();
    const std::string line = line_of(record);
    CHECK(line.find('\n') == line.size() - 1);
    const auto read = nlohmann::json::parse(line, nullptr, false);
    REQUIRE(read.is_object());
    CHECK(read["bytes_in"] == INT64_MAX);
    CHECK(read.size() == access_log::kFields - 1);  // tool or name
    CHECK(line.size() < access_log::Line::kCapacity);
}

TEST_CASE("a clock that went backwards gives no negative duration") {
    sdk::ExchangeRecord record = call();
    record.elapsed = -5ms;
    CHECK(nlohmann::json::parse(line_of(record))["duration_ms"] == 0);
}

TEST_CASE("what was dropped is a line too") {
    access_log::Line line;
    access_log::write_dropped(call().started, 17, line);
    CHECK(line.view() == "{\"ts\":\"2026-01-31T12:00:00.007Z\",\"dropped\":17}\n");
}
