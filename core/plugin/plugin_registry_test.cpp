// SPDX-License-Identifier: Apache-2.0
// Parts are found and made by kind and name, and failures name plugin and part.
#include "core/plugin/plugin_registry.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat::core;

namespace {

// A kind that nobody foresaw: the registry must take it as it takes the SDK's.
class Painter {
public:
    static constexpr std::string_view kKind = "painter";
    using Factory = std::function<std::unique_ptr<Painter>(const sdk::Json&, int)>;

    explicit Painter(std::string colour_name) : colour(std::move(colour_name)) {}
    std::string colour;
};

std::vector<Part> painter(const std::string& name, Painter::Factory factory) {
    PartCollector collector;
    sdk::Registrar& registrar = collector;
    registrar.add<Painter>(name, "paints", sdk::Schema(), std::move(factory));
    return collector.take();
}

std::unique_ptr<Painter> paint(const sdk::Json& config, int shade) {
    return std::make_unique<Painter>(config.at("colour").get<std::string>() +
                                     std::to_string(shade));
}

}  // namespace

TEST_CASE("a part of a new kind is made from its configuration and the caller's arguments") {
    PluginRegistry registry;
    REQUIRE(registry.add("colours", painter("oil", paint)).has_value());
    const auto made = registry.create<Painter>("oil", sdk::Json{{"colour", "red"}}, 7);
    REQUIRE(made.has_value());
    CHECK((*made)->colour == "red7");
    REQUIRE(registry.find<Painter>("oil") != nullptr);
    CHECK(registry.find<Painter>("oil")->plugin == "colours");
}

TEST_CASE("an unknown part is named together with those there are") {
    PluginRegistry registry;
    CHECK(registry.create<Painter>("ink", sdk::Json(), 1).error().message() ==
          "no loaded plugin offers the painter 'ink', nor any other; check plugins.load");
    REQUIRE(registry.add("colours", painter("oil", paint)).has_value());
    REQUIRE(registry.add("more", painter("chalk", paint)).has_value());
    CHECK(registry.create<Painter>("ink", sdk::Json(), 1).error().message() ==
          "no loaded plugin offers the painter 'ink'; offered: chalk, oil");
}

TEST_CASE("a name can be taken only once in a kind") {
    PluginRegistry registry;
    REQUIRE(registry.add("colours", painter("oil", paint)).has_value());
    CHECK(registry.add("rival", painter("oil", paint)).error().message() ==
          "plugins 'colours' and 'rival' both offer the painter 'oil': load only one of them");
    std::vector<Part> twice = painter("ink", paint);
    twice.push_back(twice.front());
    CHECK(registry.add("rival", std::move(twice)).error().message() ==
          "plugin 'rival' offers the painter 'ink' twice");
    CHECK(registry.parts().size() == 1);
}

TEST_CASE("what a factory throws becomes an error") {
    PluginRegistry registry;
    const Painter::Factory throws = [](const sdk::Json&, int) -> std::unique_ptr<Painter> {
        throw std::runtime_error("no paint");
    };
    const Painter::Factory odd = [](const sdk::Json&, int) -> std::unique_ptr<Painter> { throw 1; };
    const Painter::Factory empty = [](const sdk::Json&, int) { return nullptr; };
    REQUIRE(registry.add("a", painter("throws", throws)).has_value());
    REQUIRE(registry.add("b", painter("odd", odd)).has_value());
    REQUIRE(registry.add("c", painter("empty", empty)).has_value());
    const auto message = [&registry](const char* name) {
        return registry.create<Painter>(name, sdk::Json(), 1).error().message();
    };
    CHECK(message("throws") == "the painter 'throws' of plugin 'a' can't be made: no paint");
    CHECK(message("odd") ==
          "the painter 'odd' of plugin 'b' can't be made: it threw something that is no "
          "std::exception");
    CHECK(message("empty") ==
          "the painter 'empty' of plugin 'c' can't be made: its factory made nothing");
}
