// SPDX-License-Identifier: Apache-2.0
// `tape stats`: latencies and sizes.
#include "cli/call_statistics.hpp"
#include "cli/latency_histogram.hpp"
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool is_near(double value, double wanted) { return std::abs(value - wanted) <= wanted / 32; }

}  // namespace

TEST_CASE("quantiles are right within a bucket, the maximum exactly") {
    LatencyHistogram latency;
    CHECK(latency.quantile(0.5) == 0);
    for (int i = 1; i <= 10000; ++i)
        latency.record(i * 0.1);
    CHECK(latency.count() == 10000);
    CHECK(is_near(latency.quantile(0.5), 500));
    CHECK(is_near(latency.quantile(0.9), 900));
    CHECK(is_near(latency.quantile(0.99), 990));
    CHECK(latency.max() == 1000);
    CHECK(latency.quantile(1) <= 1000);
}

TEST_CASE("short, long and impossible durations") {
    LatencyHistogram latency;
    latency.record(0.003);
    CHECK(latency.quantile(0.5) == 0.003);
    latency.record(-5);
    latency.record(1e300);
    CHECK(latency.count() == 3);
    CHECK(is_near(latency.quantile(1), 1e12));
}

TEST_CASE("calls are paired by id, errors counted") {
    TapeBench bench;
    TapeText tape = short_session();
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"stats", "one", "--json"});
    CHECK(ran.code == 0);
    const auto document = sdk::Json::parse(ran.out);
    CHECK(document["frames"] == 7);
    CHECK(document["client_to_server"]["messages"] == 4);
    CHECK(document["unanswered"] == 0);
    CHECK(document["duration_ms"] == 2599);
    REQUIRE(document["calls"].size() == 3);
    CHECK(document["calls"][1]["call"] == "tools/call add");
    CHECK(document["calls"][1]["errors"] == 1);
    CHECK(document["calls"][1]["max_ms"] == 500);
    CHECK(document["calls"][2]["call"] == "tools/call echo");
    CHECK(is_near(document["calls"][2]["p50_ms"].get<double>(), 12.5));
    CHECK(document["slowest"][0]["call"] == "tools/call add");
    CHECK(document["slowest"][0]["seq"] == 5);
}

TEST_CASE("the table") {
    TapeBench bench;
    bench.write("one.jsonl", short_session().text());
    const RanCommand ran = bench.run({"stats", "one"});
    CHECK(
        holds(ran.out, "METHOD           COUNT  ERRORS       P50       P90       P99       MAX\n"));
    CHECK(holds(ran.out, "tools/call add       1       1  500.0 ms"));
    CHECK(holds(ran.out, "SLOWEST CALLS\n"));
}

TEST_CASE("tools that fail, calls of the server's, requests without an answer") {
    TapeBench bench;
    TapeText tape;
    tape.client(1, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}})");
    tape.server(2, R"({"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}})");
    tape.client(5, R"({"jsonrpc":"2.0","id":1,"result":{}})");
    tape.server(9, R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"content":[]}})");
    tape.client(10, R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
    bench.write("one.jsonl", tape.text());
    const auto document = sdk::Json::parse(bench.run({"stats", "one", "--json"}).out);
    CHECK(document["calls"][0]["call"] == "tools/call x");
    CHECK(document["calls"][0]["errors"] == 1);
    CHECK(document["calls"][0]["max_ms"] == 8);
    CHECK(document["calls"][1]["call"] == "← sampling/createMessage");
    CHECK(document["calls"][1]["max_ms"] == 3);
    CHECK(document["unanswered"] == 1);
}

TEST_CASE("the number of groups is bounded") {
    CallStatistics stats;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        TapeLine line;
        line.kind = TapeLine::Kind::frame;
        line.message_kind = sdk::MessageKind::request;
        line.seq = i;
        line.id = std::to_string(i);
        line.method = "tools/call";
        line.name = "tool" + std::to_string(i);
        stats.add(line);
        line.direction = sdk::Direction::server_to_client;
        line.message_kind = sdk::MessageKind::result;
        stats.add(line);
    }
    CHECK(stats.groups().size() == CallStatistics::kMaxGroups + 1);
    CHECK(stats.groups().at("(others)").latency.count() == 1500);
    CHECK(stats.slowest().size() == CallStatistics::kSlowest);
}
