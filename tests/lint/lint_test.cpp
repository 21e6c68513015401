// SPDX-License-Identifier: Apache-2.0
// The command line: what is printed and which exit code a build sees, for each check.
#include "lint.hpp"

#include "temporary_tree.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace shadowcat::lint;

namespace {

const std::string kSourceHead = "// SPDX-License-Identifier: Apache-2.0\n";

struct Outcome {
    int code;
    std::string out;
    std::string err;
};

Outcome run(const std::vector<std::string>& arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = run_lint(arguments, out, err);
    return {code, out.str(), err.str()};
}

Outcome run_over(const std::string& check, const std::string& text) {
    TemporaryTree tree;
    tree.write("plugins/beta/ticker.hpp", kSourceHead).write("plugins/alpha/x.cpp", text);
    return run({check, tree.root().string()});
}

}  // namespace

TEST_CASE("a tree that keeps every rule passes every check") {
    for (const auto* check : {"co_await", "dependencies", "sizes", "spdx"}) {
        CAPTURE(check);
        const auto outcome = run_over(check, kSourceHead + "int x{1};\n");
        CHECK(outcome.code == 0);
        CHECK(outcome.out == std::string(check) + ": 0 findings in 2 sources\n");
        CHECK(outcome.err == "");
    }
}

TEST_CASE("each check fails a tree that breaks its rule, and names the place") {
    const auto fails = [](const std::string& check, const std::string& text,
                          const std::string& place) {
        CAPTURE(check);
        const auto outcome = run_over(check, text);
        CHECK(outcome.code == 1);
        CHECK(outcome.out.starts_with(place + ": " + check + ": "));
        CHECK(outcome.out.find(check + ": 1 findings in 2 sources\n") != std::string::npos);
    };
    fails("co_await", "void f() {\n co_await a(T{1});\n}\n", "plugins/alpha/x.cpp:2");
    fails("dependencies", "#include \"../beta/ticker.hpp\"\n", "plugins/alpha/x.cpp:1");
    fails("spdx", "int x;\n", "plugins/alpha/x.cpp:1");
}

TEST_CASE("the size check fails a tree with a file that is too long") {
    std::string text;
    for (int i = 0; i < 501; ++i)
        text += "x\n";
    const auto outcome = run_over("sizes", text);
    CHECK(outcome.code == 1);
    CHECK(outcome.out.starts_with("plugins/alpha/x.cpp: sizes: 501 lines, the limit is 500\n"));
}

TEST_CASE("wrong arguments and an empty tree are no success") {
    CHECK(run({}).code == 2);
    CHECK(run({"sizes"}).code == 2);
    CHECK(run({"nonsense", "."}).code == 2);
    CHECK(run({"nonsense", "."}).err ==
          "usage: shadowcat-lint CHECK ROOT\nchecks: co_await dependencies sizes spdx\n");
    TemporaryTree empty;
    const auto outcome = run({"sizes", empty.root().string()});
    CHECK(outcome.code == 2);
    CHECK(outcome.err == empty.root().string() + ": no source found\n");
    CHECK(run({"sizes", "/nonexistent/shadowcat"}).code == 2);
}
