// SPDX-License-Identifier: Apache-2.0
// `tape list`: which tapes there are.
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TapeMeta meta_of(const std::string& id, const std::string& created_at, std::uint64_t frames) {
    TapeMeta meta;
    meta.tape_id = id;
    meta.created_at = created_at;
    meta.session = "s-9";
    meta.upstream = "primary";
    meta.revision = "2025-06-18";
    meta.status = TapeMeta::Status::recording;
    meta.parts = 2;
    meta.stats.frames = frames;
    meta.stats.bytes = 4096;
    meta.stats.duration_ms = 65000;
    meta.stats.dropped = 3;
    return meta;
}

}  // namespace

TEST_CASE("from metadata where it is there, else from the tape") {
    TapeBench bench;
    TapeText old;
    old.init.created_at = "2026-11-24T10:00:00.000Z";
    bench.write("old.jsonl", old.client(1500, R"({"jsonrpc":"2.0","method":"x"})").text());
    TapeText fresh("ffffffff-0000-4000-8000-000000000001");
    const std::string file = bench.write("fresh.jsonl", fresh.text());
    REQUIRE(write_meta(file, meta_of(fresh.init.tape_id, "2026-11-25T10:00:00.000Z", 77)));
    const RanCommand ran = bench.run({"list"});
    CHECK(ran.code == 0);
    const std::size_t first = ran.out.find("ffffffff  2026-11-25 10:00:00  s-9      primary");
    const std::size_t second = ran.out.find("3f2a6c1e  2026-11-24 10:00:00  s-1      demo");
    CHECK(first != std::string::npos);
    CHECK(second != std::string::npos);
    CHECK(first < second);
    CHECK(holds(ran.out, "2025-06-18      77  4.0 KiB  1 min 5 s  recording, 2 parts, 3 lost\n"));
    CHECK(holds(ran.out, " 1.50 s  without end\n"));
}

TEST_CASE("sorted, limited, as JSON") {
    TapeBench bench;
    TapeText small("aaaaaaaa-0000-4000-8000-000000000001");
    small.init.created_at = "2026-11-26T10:00:00.000Z";
    bench.write("small.jsonl", small.end(1).text());
    bench.write("large.jsonl", short_session().text());
    const auto newest = sdk::Json::parse(bench.run({"list", "--json", "--limit", "1"}).out);
    REQUIRE(newest.size() == 1);
    CHECK(newest[0]["tape_id"] == small.init.tape_id);
    CHECK(newest[0]["status"] == "finalized");
    for (const char* order : {"size", "frames"}) {
        const auto sorted = sdk::Json::parse(bench.run({"list", "--json", "--sort", order}).out);
        REQUIRE(sorted.size() == 2);
        CHECK(sorted[0]["frames"] == 7);
        CHECK(sorted[0]["bytes"] == short_session().text().size());
    }
}

TEST_CASE("no tapes, and no directory") {
    TapeBench bench;
    const RanCommand none = bench.run({"list"});
    CHECK(none.code == 0);
    CHECK(none.out.starts_with("no tapes in " + bench.directory.string()));
    CHECK(bench.run({"list", "--json"}).out == "[]\n");
    const RanCommand missing = bench.run_exactly({"list", "--dir", bench.path("nowhere")});
    CHECK(missing.code == 1);
    CHECK(missing.errors == "shadowcat: there is no directory \"" + bench.path("nowhere") + "\"\n");
}

TEST_CASE("names that a peer chose are printed safely") {
    TapeBench bench;
    TapeText tape;
    tape.init.upstream = "\x1b[31mred";
    bench.write("one.jsonl", tape.text());
    const RanCommand ran = bench.run({"list"});
    CHECK_FALSE(holds(ran.out, "\x1b"));
    CHECK(holds(ran.out, "\\u001b[31mred"));
}
