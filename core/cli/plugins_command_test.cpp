// SPDX-License-Identifier: Apache-2.0
// What `plugins` and `check` print about plugins that are good, bad or missing.
#include "core/cli/plugins_command.hpp"

#include "core/cli/check.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace shadowcat::core;

namespace {

const std::string kDirectory = SHADOWCAT_BROKEN_PLUGINS_DIR;

class Outcome {
public:
    std::ostringstream out;
    std::ostringstream errors;
    int code = -1;
};

Outcome inspect(const std::string& name) {
    PluginsOptions options;
    options.inspect = kDirectory + "/" + name + ".so";
    Outcome outcome;
    outcome.code = run_plugins(options, {}, outcome.out, outcome.errors);
    return outcome;
}

/// An environment in which only the tests' plugins `names` are loaded.
Environment only(const std::vector<std::string>& names) {
    Environment environment = {{"SHADOWCAT_PLUGIN_PATH", kDirectory}};
    for (std::size_t i = 0; i < names.size(); ++i) {
        environment["SHADOWCAT_PLUGINS__LOAD__" + std::to_string(i)] = names[i];
    }
    return environment;
}

}  // namespace

TEST_CASE("inspect shows parts and their keys") {
    const Outcome outcome = inspect("tiny");
    CHECK(outcome.code == 0);
    const std::string text = outcome.out.str();
    CHECK(text.starts_with("tiny 1.2.3: one pool strategy, for tests\n"));
    CHECK(text.find("  file " + kDirectory + "/tiny.so\n") != std::string::npos);
    CHECK(text.find("  which is this shadowcat's too\n") != std::string::npos);
    CHECK(text.find("  pool strategy first: always the first upstream\n"
                    "    weight (integer, 1 to 9, default 1): How much it matters\n") !=
          std::string::npos);
}

TEST_CASE("inspect of a foreign build shows both fingerprints") {
    const Outcome outcome = inspect("wrong-fingerprint");
    CHECK(outcome.code == 2);
    CHECK(outcome.out.str().find("  fingerprint abi=1 sdk=0.0.9 gcc=11\n  which is not this "
                                 "shadowcat's: abi=") != std::string::npos);
    CHECK(outcome.errors.str().find("was built differently") != std::string::npos);
}

TEST_CASE("inspect of what is no plugin is one line") {
    for (const char* name : {"no-symbol", "missing", "bad-magic"}) {
        const Outcome outcome = inspect(name);
        CHECK(outcome.code == 2);
        CHECK(outcome.out.str().empty());
        CHECK(outcome.errors.str().starts_with("shadowcat: plugin file " + kDirectory));
    }
}

TEST_CASE("list shows what was loaded and reports what wasn't") {
    Outcome outcome;
    outcome.code =
        run_plugins(PluginsOptions(), only({"tiny", "bad-magic"}), outcome.out, outcome.errors);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.str() == "tiny 1.2.3: one pool strategy, for tests\n  file " + kDirectory +
                                   "/tiny.so\n  pool strategy first: always the first upstream\n");
    CHECK(outcome.errors.str().starts_with(
        "shadowcat: env SHADOWCAT_PLUGINS__LOAD__1: plugins.load[1]: plugin file " + kDirectory +
        "/bad-magic.so has the magic number 0xdeadbeef"));
}

TEST_CASE("the reference has the keys of loaded plugins") {
    CheckOptions options;
    options.print_reference = true;
    Outcome outcome;
    outcome.code = run_check(options, only({"tiny"}), outcome.out, outcome.errors);
    CHECK(outcome.errors.str() == "");
    CHECK(outcome.code == 0);
    const std::string text = outcome.out.str();
    CHECK(text.find("## `reverse_proxy.upstreams[].health`") != std::string::npos);
    CHECK(text.find("| `timeout_secs` | integer, 1 to 2592000 | seconds | `300` |") !=
          std::string::npos);
    CHECK(text.find("## pool strategy `first` (plugin `tiny`)") != std::string::npos);
    CHECK(text.find("| `weight` | integer, 1 to 9 |  | `1` | How much it matters |") !=
          std::string::npos);
}

TEST_CASE("check of a missing file is one line with exit code 2") {
    CheckOptions options;
    options.config = "/nowhere/a.yaml";
    Outcome outcome;
    outcome.code = run_check(options, only({"tiny"}), outcome.out, outcome.errors);
    CHECK(outcome.code == 2);
    CHECK(outcome.errors.str() == "/nowhere/a.yaml: can't be read: No such file or directory\n");
}
