// SPDX-License-Identifier: Apache-2.0
// One line for each change, none for what stays as it is.
#include "standing.hpp"

#include "testing/captured_log.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::otlp;
using shadowcat::otlp::testing::CapturedLog;

namespace {

Verdict partly(std::int64_t rejected) {
    Verdict verdict(Verdict::Kind::accepted, "too old");
    verdict.rejected = rejected;
    return verdict;
}

}  // namespace

TEST_CASE("a collector that always takes is never spoken of") {
    Standing standing("traces", "http://c:4318");
    const CapturedLog log;
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(standing.note(Verdict(Verdict::Kind::accepted)));
    CHECK(log.text().empty());
}

TEST_CASE("each change is one line with signal, endpoint and reason") {
    Standing standing("traces", "http://c:4318");
    const Verdict away(Verdict::Kind::later, "Connection refused");
    const Verdict refused(Verdict::Kind::refused, "status 401");
    const CapturedLog log;
    for (const Verdict& each : {away, away, refused, refused, partly(2), partly(3), partly(0)})
        standing.note(each);
    CHECK(standing.state() == Standing::State::taking);
    const std::string where = " signal=traces endpoint=http://c:4318";
    CHECK(log.count("otlp collector") == 4);
    CHECK(log.count("otlp collector not available" + where + " reason=\"Connection refused\"") ==
          1);
    CHECK(log.count("otlp collector refuses data" + where + " reason=\"status 401\"") == 1);
    CHECK(log.count("otlp collector rejects a part" + where + " rejected=2 reason=\"too old\"") ==
          1);
    CHECK(log.count("otlp collector takes data again" + where) == 1);
}
