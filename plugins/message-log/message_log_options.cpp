// SPDX-License-Identifier: Apache-2.0
// Reads message_log's keys.
#include "message_log_options.hpp"

#include <stdexcept>

namespace shadowcat::message_log {

namespace {

sdk::log::Level level_of(const sdk::Json& config, bool payload) {
    const std::string usual = payload ? "debug" : "info";
    const std::string level = config.value("level", usual);
    if (payload && level != "debug")
        throw std::invalid_argument(
            "payload: true needs level: debug (payload is never logged above)");
    return level == "debug" ? sdk::log::Level::debug : sdk::log::Level::info;
}

}  // namespace

sdk::Schema Options::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("level", "Level of the lines. Default: info, with payload debug.")
                   .one_of({"debug", "info"}));
    schema.add(sdk::boolean("payload", "Show the messages' text too; only at level debug.")
                   .defaults_to(sdk::Json(false)));
    schema.add(sdk::integer("max_bytes", "How much of a message's text is shown.")
                   .defaults_to(sdk::Json(2048))
                   .between(1, 1048576));
    schema.add(
        sdk::string_list("methods", "Show only requests and notifications with these methods.")
            .defaults_to(sdk::Json::array()));
    return schema;
}

Options::Options(const sdk::Json& config)
    : level(level_of(config, config.at("payload").get<bool>())),
      payload(config.at("payload").get<bool>()),
      max_bytes(config.at("max_bytes").get<std::size_t>()),
      methods(config.at("methods").get<std::set<std::string, std::less<>>>()) {}

}  // namespace shadowcat::message_log
