// SPDX-License-Identifier: Apache-2.0
// Who decides whether a request becomes a span, and how.
#include "sampler.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace shadowcat;
using namespace shadowcat::otlp;

namespace {

sdk::ExchangeRecord record_with(const std::string& trace_id, bool sampled, bool has_parent) {
    sdk::ExchangeRecord record;
    const std::string text = "00-" + trace_id + "-00000000000000a1-" + (sampled ? "01" : "00");
    record.trace = sdk::TraceContext::parse(text).value();
    if (has_parent) record.parent_span.fill('b');
    return record;
}

const std::string kLow = "ffffffffffffffffff00000000000001";   // the last 56 bits count
const std::string kHalf = "00000000000000000180000000000000";  // exactly one half
const std::string kHigh = "000000000000000001ffffffffffffff";

}  // namespace

TEST_CASE("a fresh trace is taken by its id") {
    const Sampler half(0.5, true);
    CHECK_FALSE(half.takes(record_with(kLow, true, false)));
    CHECK(half.takes(record_with(kHalf, true, false)));
    CHECK(half.takes(record_with(kHigh, true, false)));
    CHECK_FALSE(Sampler(0.49, true).takes(record_with(kHalf, true, false)));
}

TEST_CASE("ratio one takes all, ratio zero none") {
    for (const std::string& id : {kLow, kHalf, kHigh}) {
        CHECK(Sampler(1.0, true).takes(record_with(id, true, false)));
        CHECK_FALSE(Sampler(0.0, true).takes(record_with(id, true, false)));
    }
}

TEST_CASE("about as many as the ratio says") {
    const Sampler tenth(0.1, true);
    int taken = 0;
    for (int i = 0; i < 10'000; ++i) {
        sdk::ExchangeRecord record;
        record.trace = sdk::TraceContext::fresh(true);
        taken += tenth.takes(record);
    }
    CHECK(taken > 700);  // ten standard deviations
    CHECK(taken < 1300);
}

TEST_CASE("the client's flag decides about the client's traces, where it is trusted") {
    const Sampler none(0.0, true), all(1.0, true);
    CHECK(none.takes(record_with(kLow, true, true)));
    CHECK_FALSE(all.takes(record_with(kHigh, false, true)));
    const Sampler strict(0.5, false);
    CHECK_FALSE(strict.takes(record_with(kLow, true, true)));
    CHECK(strict.takes(record_with(kHigh, false, true)));
}

TEST_CASE("what is not traced or not sampled is no span") {
    CHECK_FALSE(Sampler(1.0, true).takes(sdk::ExchangeRecord()));
    CHECK_FALSE(Sampler(1.0, true).takes(record_with(kHigh, false, false)));
}
