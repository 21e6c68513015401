// SPDX-License-Identifier: Apache-2.0
// Reads the keys of `rules`.
#include "rules/options.hpp"

#include <random>

namespace shadowcat::intercept {

namespace {

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

sdk::Schema RulesOptions::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("file", "The file of rules, YAML or JSON, at most 1 MiB.").required());
    schema.add(sdk::boolean("reload", "Take the file anew when it has changed.")
                   .defaults_to(sdk::Json(true)));
    schema.add(sdk::integer("check_interval_ms", "How often the file is looked at for changes.")
                   .defaults_to(sdk::Json(500))
                   .between(50, 3'600'000));
    schema.add(sdk::integer("max_rules", "How many rules the file may have.")
                   .defaults_to(sdk::Json(256))
                   .between(1, 10'000));
    schema.add(sdk::integer("max_paused",
                            "How many messages may wait at breakpoints; more pass with a warning.")
                   .defaults_to(sdk::Json(100))
                   .between(1, 100'000));
    schema.add(sdk::integer("max_waiting",
                            "How many messages a worker may hold back by delay and throttle; more "
                            "pass with a warning.")
                   .defaults_to(sdk::Json(10'000))
                   .between(1, 1'000'000));
    schema.add(sdk::integer("seed",
                            "Where the random numbers of probability and delay begin, so that a "
                            "test repeats. Default: anywhere.")
                   .between(0, INT64_MAX));
    return schema;
}

RulesOptions::RulesOptions(const sdk::Json& config)
    : file(config.at("file").get<std::string>()),
      reload(config.at("reload").get<bool>()),
      check_interval(config.at("check_interval_ms").get<std::int64_t>()),
      max_rules(config.at("max_rules").get<std::size_t>()),
      max_paused(config.at("max_paused").get<std::size_t>()),
      max_waiting(config.at("max_waiting").get<std::size_t>()),
      seed(config.contains("seed") ? config.at("seed").get<std::uint64_t>() : random_seed()) {}

}  // namespace shadowcat::intercept
