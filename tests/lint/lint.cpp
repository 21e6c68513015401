// SPDX-License-Identifier: Apache-2.0
// Chooses the check and prints what it found.
#include "lint.hpp"

#include "co_await_check.hpp"
#include "dependency_check.hpp"
#include "file_checks.hpp"
#include "source_tree.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <map>

namespace shadowcat::lint {
namespace {

const std::vector<std::string> kFolders = {"core",  "sdk",     "plugins", "examples",      "tests",
                                           "bench", "scripts", ".ci",     "CMakeLists.txt"};

Findings check_co_await_in(const SourceTree& tree) {
    Findings findings;
    for (const auto& file : tree.files()) {
        if (!is_cpp(file)) continue;
        auto found = check_co_await(file, tree.read(file));
        std::move(found.begin(), found.end(), std::back_inserter(findings));
    }
    return findings;
}

using Check = std::function<Findings(const SourceTree&)>;

const std::map<std::string, Check> kChecks = {
    {"co_await", check_co_await_in},
    {"dependencies", check_dependencies},
    {"sizes", [](const SourceTree& tree) { return check_sizes(tree); }},
    {"spdx", check_spdx},
};

void print(const Finding& finding, const std::string& check, std::ostream& out) {
    out << finding.file;
    if (finding.line != 0) out << ':' << finding.line;
    out << ": " << check << ": " << finding.message << '\n';
}

int usage(std::ostream& err) {
    err << "usage: shadowcat-lint CHECK ROOT\nchecks:";
    for (const auto& [name, check] : kChecks)
        err << ' ' << name;
    err << '\n';
    return 2;
}

int run_check(const std::string& name, const Check& check, const std::string& root,
              std::ostream& out, std::ostream& err) {
    const SourceTree tree(root, kFolders);
    const auto& files = tree.files();
    const auto sources =
        std::count_if(files.begin(), files.end(), [](auto& f) { return is_source(f); });
    if (sources == 0) {
        err << root << ": no source found\n";
        return 2;
    }
    const auto findings = check(tree);
    for (const auto& finding : findings)
        print(finding, name, out);
    out << name << ": " << findings.size() << " findings in " << sources << " sources\n";
    return findings.empty() ? 0 : 1;
}

}  // namespace

int run_lint(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
    if (arguments.size() != 2) return usage(err);
    const auto check = kChecks.find(arguments[0]);
    if (check == kChecks.end()) return usage(err);
    try {
        return run_check(check->first, check->second, arguments[1], out, err);
    } catch (const std::exception& error) {
        err << error.what() << '\n';
        return 2;
    }
}

}  // namespace shadowcat::lint
