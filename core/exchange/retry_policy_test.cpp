// SPDX-License-Identifier: Apache-2.0
// What is repeated and what is not; how often; after which pause.
#include "core/exchange/retry_policy.hpp"

#include "core/exchange/retry_budget.hpp"
#include "core/exchange/tool_catalogue.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;
using enum sdk::ErrorCode;
namespace mcp = shadowcat::core::mcp;

namespace {

FailedAttempt first_of(mcp::Retry method) {
    FailedAttempt attempt;
    attempt.method = method;
    attempt.max_attempts = 2;
    return attempt;
}

FailedAttempt first_of(std::string_view method) { return first_of(mcp::method(method).retry); }

sdk::Error sent(sdk::ErrorCode code) { return sdk::upstream_error(code, "x"); }
sdk::Error unsent(sdk::ErrorCode code) {
    return sdk::upstream_error(code, "x").mark_nothing_sent();
}

sdk::TimePoint after_start(int seconds) { return sdk::TimePoint() + std::chrono::seconds(seconds); }

sdk::Message tools(std::string_view list) {
    return sdk::Message::parse(R"({"jsonrpc":"2.0","id":1,"result":{"tools":)" + std::string(list) +
                               "}}")
        .value();
}

}  // namespace

TEST_CASE("what never reached a server is repeated, whatever it is") {
    CHECK(advise(first_of("tools/call"), unsent(unreachable)) == Advice::again);
    CHECK(advise(first_of("x/unknown"), unsent(unreachable)) == Advice::again);
    CHECK(advise(first_of("tools/call"), unsent(crashed)) == Advice::again);
}

TEST_CASE("what may have reached a server is repeated only if it reads") {
    for (const char* read : {"tools/list", "resources/read", "prompts/get", "completion/complete",
                             "tasks/get", "resources/templates/list", "initialize"}) {
        CAPTURE(read);
        CHECK(advise(first_of(read), sent(crashed)) == Advice::again);
    }
    for (const char* other : {"tools/call", "tasks/result", "x/unknown"}) {
        CAPTURE(other);
        CHECK(advise(first_of(other), sent(crashed)) == Advice::unsafe);
    }
    FailedAttempt trusted = first_of("tools/call");
    trusted.tool_repeatable = true;
    CHECK(advise(trusted, sent(crashed)) == Advice::again);
}

TEST_CASE("a server that does not know the session has not processed the request") {
    CHECK(advise(first_of("tools/call"), sent(unknown_session)) == Advice::again);
}

TEST_CASE("only failures that may pass are worth another attempt") {
    for (const sdk::ErrorCode code : {timed_out, protocol, too_large, cancelled, blocked}) {
        CHECK(advise(first_of("tools/list"), sent(code)) == Advice::give_up);
    }
    CHECK(advise(first_of("tools/list"), sent(unavailable)) == Advice::again);
    const auto slow_client = sdk::downstream_error(unavailable, "the client reads too slowly");
    CHECK(advise(first_of("tools/list"), slow_client) == Advice::give_up);
}

TEST_CASE("where there was no room nobody asks again, unless another upstream can serve") {
    FailedAttempt attempt = first_of("tools/list");
    CHECK(advise(attempt, unsent(unavailable)) == Advice::give_up);
    attempt.elsewhere = true;
    CHECK(advise(attempt, unsent(unavailable)) == Advice::again);
    CHECK(advise(attempt, unsent(timed_out)) == Advice::again);
}

TEST_CASE("nothing is repeated for nobody, twice over, or in the middle of a reply") {
    const sdk::Error error = unsent(unreachable);
    FailedAttempt gone = first_of("tools/list"), begun = gone, last = gone, input = gone;
    gone.client_gone = true;
    CHECK(advise(gone, error) == Advice::give_up);
    begun.reply_begun = true;
    CHECK(advise(begun, error) == Advice::give_up);
    last.attempts = 2;
    CHECK(advise(last, error) == Advice::give_up);
    input.continues_input = true;
    CHECK(advise(input, error) == Advice::unsafe);
    CHECK(continues_input(R"({"params":{"requestState":"x"}})"));
    CHECK(continues_input(R"({"params":{"inputResponses":{}}})"));
    CHECK_FALSE(continues_input(R"({"params":{"name":"requestState"}})"));
}

TEST_CASE("the pause doubles, is jittered and bounded") {
    RetrySettings settings;
    settings.min_backoff = std::chrono::milliseconds(100);
    settings.max_backoff = std::chrono::milliseconds(500);
    CHECK(pause_before_retry(settings, 1, 0.0).count() == 50);
    CHECK(pause_before_retry(settings, 1, 0.9).count() == 140);
    CHECK(pause_before_retry(settings, 2, 0.5).count() == 200);
    CHECK(pause_before_retry(settings, 9, 0.9).count() == 500);
}

TEST_CASE("the budget allows a share of the last ten seconds' requests, and always three") {
    RetryBudget budget;
    for (int i = 0; i < 3; ++i)
        CHECK(budget.try_retry(after_start(0), 20));
    CHECK_FALSE(budget.try_retry(after_start(0), 20));
    for (int i = 0; i < 30; ++i)
        budget.count_request(after_start(5));
    for (int i = 0; i < 3; ++i)
        CHECK(budget.try_retry(after_start(9), 20));
    CHECK_FALSE(budget.try_retry(after_start(9), 20));
    for (int i = 0; i < 3; ++i)
        CHECK(budget.try_retry(after_start(10), 20));
    CHECK_FALSE(budget.try_retry(after_start(14), 20));
    for (int i = 0; i < 3; ++i)
        CHECK(budget.try_retry(after_start(40), 0));
    CHECK_FALSE(budget.try_retry(after_start(49), 100));
}

TEST_CASE("verdicts: the server's failures count, ours and the client's don't") {
    CHECK(judge(sent(unreachable)) == CallVerdict::failure);
    CHECK(judge(sent(unavailable)) == CallVerdict::failure);
    CHECK(judge(unsent(unavailable)) == CallVerdict::neutral);
    CHECK(judge(sent(unknown_session)) == CallVerdict::neutral);
    CHECK(judge(sdk::downstream_error(timed_out, "x")) == CallVerdict::neutral);
    CHECK(judge(sdk::downstream_error(cancelled, "x")) == CallVerdict::neutral);
}

TEST_CASE("the catalogue believes the last list, and nothing that is no list") {
    ToolCatalogue catalogue;
    catalogue.learn(tools(
        R"([{"name":"r","annotations":{"readOnlyHint":true}},{"name":"i","annotations":{"idempotentHint":true}},{"name":"w"},7,{"name":3}])"));
    CHECK(catalogue.hints("r").read_only);
    CHECK(catalogue.hints("i").repeatable());
    CHECK_FALSE(catalogue.hints("i").read_only);
    CHECK_FALSE(catalogue.hints("w").repeatable());
    catalogue.learn(tools(R"([{"name":"r","annotations":{"readOnlyHint":"yes"}}])"));
    CHECK_FALSE(catalogue.hints("r").repeatable());
    catalogue.learn(tools(R"("none")"));
    CHECK(catalogue.hints("i").repeatable());
    catalogue.forget();
    CHECK_FALSE(catalogue.hints("i").repeatable());
}
