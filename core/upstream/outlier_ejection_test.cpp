// SPDX-License-Identifier: Apache-2.0
// Who is ejected, and for how long.
#include "core/upstream/outlier_ejection.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using std::chrono::seconds;

namespace {

const sdk::TimePoint kEjectionStart = sdk::TimePoint(std::chrono::hours(1));

OutlierSettings half_of_ten() {
    OutlierSettings how;
    how.failure_percent = 50;
    how.min_requests = 10;
    how.interval = seconds(10);
    how.eject_for = seconds(30);
    how.max_ejected_percent = 50;
    return how;
}

class WatchedMember {
public:
    WatchedMember() { ejection.judge(now, half_of_ten(), true); }

    /// An interval with so many calls; whether they led to an ejection.
    bool interval(int good, int bad, bool may_eject = true) {
        for (int i = 0; i < good; ++i)
            ejection.record(true);
        for (int i = 0; i < bad; ++i)
            ejection.record(false);
        now += half_of_ten().interval;
        return ejection.judge(now, half_of_ten(), may_eject);
    }
    sdk::Duration length() const { return ejection.ejected_until() - now; }
    void until_back() { now = ejection.ejected_until(); }

    OutlierEjection ejection;
    sdk::TimePoint now = kEjectionStart;
};

}  // namespace

TEST_CASE("too many failures of enough calls eject") {
    WatchedMember watched;
    CHECK_FALSE(watched.interval(6, 5));
    CHECK_FALSE(watched.interval(0, 9));  // too few to judge
    CHECK(watched.interval(5, 5));
    CHECK(watched.ejection.ejected(watched.now));
    CHECK(watched.length() == seconds(30));
    CHECK_FALSE(watched.ejection.ejected(watched.now + seconds(30)));
}

TEST_CASE("an interval is judged as a whole, when it is over") {
    WatchedMember watched;
    for (int i = 0; i < 20; ++i)
        watched.ejection.record(false);
    CHECK_FALSE(watched.ejection.judge(watched.now + seconds(9), half_of_ten(), true));
    CHECK(watched.ejection.judge(watched.now + seconds(10), half_of_ten(), true));
}

TEST_CASE("ejections in a row last longer, quiet intervals shorten the next") {
    WatchedMember watched;
    CHECK(watched.interval(0, 10));
    watched.until_back();
    CHECK(watched.interval(0, 10));
    CHECK(watched.length() == seconds(60));
    watched.until_back();
    CHECK_FALSE(watched.interval(10, 0));
    CHECK_FALSE(watched.interval(10, 0));
    CHECK(watched.interval(0, 10));
    CHECK(watched.length() == seconds(30));
}

TEST_CASE("the last that a group can spare is not ejected") {
    WatchedMember watched;
    CHECK_FALSE(watched.interval(0, 10, false));
    CHECK_FALSE(watched.ejection.ejected(watched.now));
    CHECK(may_eject_one_more(0, 2, half_of_ten()));
    CHECK_FALSE(may_eject_one_more(1, 2, half_of_ten()));
    CHECK_FALSE(may_eject_one_more(0, 1, half_of_ten()));
    CHECK(may_eject_one_more(1, 4, half_of_ten()));
}

TEST_CASE("a lifted ejection is over") {
    WatchedMember watched;
    CHECK(watched.interval(0, 10));
    watched.ejection.lift();
    CHECK_FALSE(watched.ejection.ejected(watched.now));
}
