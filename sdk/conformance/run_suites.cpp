// SPDX-License-Identifier: Apache-2.0
// doctest's main loop, once for each part.
#define DOCTEST_CONFIG_IMPLEMENT
#include "run_suites.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <optional>

namespace shadowcat::contract {

namespace {

unsigned cases_run = 0;

/// Learns how many cases were run: doctest's exit code is 0 also when there was none.
class CountCases final : public doctest::IReporter {
public:
    explicit CountCases(const doctest::ContextOptions&) {}
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override { cases_run = 0; }
    void test_run_end(const doctest::TestRunStats& stats) override {
        cases_run = stats.numTestCasesPassingFilters;
    }
    void test_case_start(const doctest::TestCaseData&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};

DOCTEST_REGISTER_LISTENER("count", 1, CountCases);

/// How many cases passed the filters, or nothing when one failed.
std::optional<unsigned> run_suite(const std::string& suite, const std::string& test_case) {
    doctest::Context context;
    context.setOption("no-intro", true);
    context.addFilter("test-suite", suite.c_str());
    if (!test_case.empty()) context.addFilter("test-case", test_case.c_str());
    if (context.run() != 0) return std::nullopt;
    return cases_run;
}

}  // namespace

bool run_suites(const std::vector<std::string>& suites, const std::string& test_case) {
    bool passed = true;
    unsigned cases = 0;
    for (const std::string& suite : suites) {
        const auto ran = run_suite(suite, test_case);
        const bool empty = ran == 0U && test_case.empty();
        if (empty) std::fprintf(stderr, "there is no contract for \"%s\"\n", suite.c_str());
        passed = passed && ran.has_value() && !empty;
        cases += ran.value_or(1);
    }
    return passed && cases > 0;
}

}  // namespace shadowcat::contract
