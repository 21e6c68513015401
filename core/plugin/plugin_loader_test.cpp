// SPDX-License-Identifier: Apache-2.0
// What an operator reads about each way in which a plugin can be broken.
#include "core/plugin/plugin_loader.hpp"

#include "shadowcat/sdk/pool_strategy.hpp"

#include "core/plugin/descriptor_check.hpp"
#include "core/plugin/plugin_host.hpp"
#include "core/plugin/plugin_inspection.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

const std::filesystem::path kDirectory = SHADOWCAT_BROKEN_PLUGINS_DIR;

class Fixture {
public:
    Fixture() : loader(registry, {kDirectory}) {}

    std::string failure(const std::string& name) {
        const auto loaded = loader.load(PluginRequest(name));
        CHECK(registry.parts().empty());
        return loaded ? "loaded" : loaded.error().message();
    }

    PluginRegistry registry;
    PluginLoader loader;
};

std::string file(const std::string& name) {
    return "plugin file " + (kDirectory / (name + ".so")).string();
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a good plugin's parts are there after loading") {
    REQUIRE(loader.load(PluginRequest("tiny")).has_value());
    REQUIRE(loader.loaded().size() == 1);
    CHECK(loader.loaded()[0].version == "1.2.3");
    CHECK(loader.loaded()[0].path == kDirectory / "tiny.so");
    auto strategy = registry.create<shadowcat::sdk::PoolStrategy>("first", sdk::Json::object());
    REQUIRE(strategy.has_value());
    const sdk::Candidate candidate("a", 0, 0);
    CHECK((*strategy)->pick(std::span(&candidate, 1), {}) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a plugin can be named by its absolute path") {
    CHECK(loader.load(PluginRequest("", kDirectory / "tiny.so", "")).has_value());
    CHECK(loader.load(PluginRequest("", "tiny.so", "")).error().message() ==
          "plugin file 'tiny.so' must be an absolute path");
}

TEST_CASE_FIXTURE(Fixture, "each broken plugin has its own message and leaves nothing behind") {
    CHECK(failure("no-symbol") ==
          file("no-symbol") +
              " is no plugin: it doesn't export the symbol shadowcat_plugin_v1 "
              "(see SHADOWCAT_PLUGIN in shadowcat/sdk/plugin.hpp)");
    CHECK(failure("bad-magic") ==
          file("bad-magic") +
              " has the magic number 0xdeadbeef where 0x5343504c is expected: it "
              "is no plugin");
    CHECK(failure("wrong-size") ==
          file("wrong-size") +
              " has a descriptor of 24 bytes where 48 are expected: rebuild it "
              "with this version's SDK");
    CHECK(failure("wrong-fingerprint") ==
          file("wrong-fingerprint") +
              " was built differently: it has the fingerprint [abi=1 sdk=0.0.9 gcc=11], this "
              "shadowcat has [" +
              own_fingerprint() + "]: rebuild it with this version's SDK");
    CHECK(failure("wrong-name") ==
          file("wrong-name") +
              " calls itself 'other-name': a plugin's name must be its file's "
              "(other-name.so)");
    CHECK(failure("no-register") == file("no-register") + " has no register function");
    CHECK(failure("throws-in-register") ==
          "plugin 'throws-in-register' failed while registering its parts: the licence has "
          "expired");
    CHECK(failure("throws-oddly") ==
          "plugin 'throws-oddly' failed while registering its parts: it threw something that is "
          "no std::exception");
}

TEST_CASE_FIXTURE(Fixture, "the dynamic linker's reason is passed on") {
    const std::string message = failure("unresolved");
    CHECK(message.starts_with(file("unresolved") + " can't be loaded: "));
    CHECK(message.find("undefined symbol") != std::string::npos);
    CHECK(message.find("shadowcat_nobody_has_this") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture,
                  "a part that is taken names both plugins, and nothing of the second stays") {
    REQUIRE(loader.load(PluginRequest("tiny")).has_value());
    CHECK(loader.load(PluginRequest("duplicate-part")).error().message() ==
          "plugins 'tiny' and 'duplicate-part' both offer the pool strategy 'first': load only "
          "one of them");
    CHECK(registry.parts().size() == 1);
    CHECK(loader.loaded().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a plugin listed twice is named with its file") {
    REQUIRE(loader.load(PluginRequest("tiny")).has_value());
    CHECK(loader.load(PluginRequest("tiny")).error().message() ==
          "plugin 'tiny' is already loaded from " + (kDirectory / "tiny.so").string() +
              ": list it only once");
}

TEST_CASE_FIXTURE(Fixture, "a part that throws while it is made names plugin and reason") {
    REQUIRE(loader.load(PluginRequest("throws-in-create")).has_value());
    CHECK(registry.create<sdk::PoolStrategy>("dice", sdk::Json()).error().message() ==
          "the pool strategy 'dice' of plugin 'throws-in-create' can't be made: no dice to throw");
}

TEST_CASE_FIXTURE(Fixture, "a pinned digest that differs keeps the plugin out") {
    const auto loaded = loader.load(PluginRequest("tiny", {}, std::string(64, '0')));
    CHECK(loaded.error().message().find("is not the one that was approved: sha256 is ") !=
          std::string::npos);
}

TEST_CASE("a host reports every plugin that fails, with its place in the configuration") {
    PluginHost host({kDirectory});
    PluginsConfig config;
    config.load = {PluginRequest("tiny"), PluginRequest("nowhere"), PluginRequest("bad-magic")};
    std::vector<sdk::ConfigError> errors;
    host.load(config, errors);
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].path == "plugins.load[1]");
    CHECK(errors[1].path == "plugins.load[2]");
    CHECK(host.loaded().size() == 1);
}

TEST_CASE("an inspection shows parts and, of a refused plugin, the reason") {
    const auto good = inspect_plugin(kDirectory / "tiny.so");
    REQUIRE(good.has_value());
    CHECK_FALSE(good->problem);
    REQUIRE(good->parts.size() == 1);
    CHECK(good->parts[0].schema.fields()[0].name() == "weight");

    const auto foreign = inspect_plugin(kDirectory / "wrong-fingerprint.so");
    REQUIRE(foreign.has_value());
    CHECK(foreign->info.fingerprint == "abi=1 sdk=0.0.9 gcc=11");
    CHECK(foreign->problem);
    CHECK(foreign->parts.empty());

    CHECK_FALSE(inspect_plugin(kDirectory / "no-symbol.so").has_value());
}

TEST_CASE("the environment's directories come before those of the binary") {
    const auto list = default_search_path("/opt/a::/opt/b:/opt/a");
    REQUIRE(list.size() >= 3);
    CHECK(list[0] == "/opt/a");
    CHECK(list[1] == "/opt/b");
    CHECK(list[2].is_absolute());
    CHECK(list[2].string().ends_with("lib/shadowcat/plugins"));
}
