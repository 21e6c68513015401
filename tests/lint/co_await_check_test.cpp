// SPDX-License-Identifier: Apache-2.0
// The fixtures say on each line what must be found there; nothing more and nothing less may be.
#include "co_await_check.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

using namespace shadowcat::lint;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(std::string(SHADOWCAT_LINT_FIXTURES) + "/co_await/" + name);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// "12 braced", one for each word after `expect:`.
std::vector<std::string> expected_in(const std::string& source) {
    const std::string mark = " expect: ";
    std::vector<std::string> result;
    std::istringstream lines(source);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const auto found = line.find(mark);
        if (found == std::string::npos) continue;
        std::istringstream words(line.substr(found + mark.size()));
        for (std::string word; words >> word && word != "*/";) {
            result.push_back(std::to_string(number) + " " + word);
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::string kind_of(const std::string& message) {
    for (const auto* kind :
         {"braced", "designated", "capturing", "condition", "reason", "nothing"}) {
        if (message.find(kind) != std::string::npos) return kind;
    }
    return message;
}

std::vector<std::string> found_in(const std::string& source) {
    std::vector<std::string> result;
    for (const auto& finding : check_co_await("fixture.cpp", source)) {
        CHECK(finding.file == "fixture.cpp");
        result.push_back(std::to_string(finding.line) + " " + kind_of(finding.message));
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::string listed(const std::vector<std::string>& items) {
    std::string result;
    for (const auto& item : items)
        result += item + "\n";
    return result;
}

}  // namespace

TEST_CASE("every hazard of the bad fixture is found, on its line, and nothing else") {
    const auto source = read("bad.cpp");
    const auto expected = expected_in(source);
    CHECK(expected.size() > 40);
    CHECK(listed(found_in(source)) == listed(expected));
}

TEST_CASE("nothing is found in the good fixture") {
    CHECK(listed(found_in(read("good.cpp"))) == "");
}

TEST_CASE("the hazards are found with Windows line ends too") {
    CHECK(listed(found_in("if (a &&\r\n  co_await b()) {\r\n}\r\n")) == "2 condition\n");
    CHECK(listed(found_in("void f() {\r\n  co_await a(T{1});\r\n}\r\n")) == "2 braced\n");
}

TEST_CASE("source that does not parse is read to its end") {
    for (const auto* broken : {"", "co_await", "co_await {", "}}})]", "co_await ([{", "\"open",
                               "R\"open", "R\"x(open", "/* open", "'", "#define", "#include <",
                               "co_await a(T{1}", "[", "1'", "co_await [x", "\\", "#", "a->{"}) {
        CHECK_NOTHROW(check_co_await("broken.cpp", broken));
    }
}

TEST_CASE("a head that does not parse is read to its end") {
    for (const auto* broken :
         {"if (co_await", "if (a = co_await", "if (a [b = co_await", "if ()", "for (;co_await",
          "(co_await)", "if (; co_await", "if (a {[} co_await)", "while (decltype(co_await",
          "for (;;;co_await)"}) {
        CHECK_NOTHROW(check_co_await("broken.cpp", broken));
    }
}
