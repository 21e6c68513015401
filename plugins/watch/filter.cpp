// SPDX-License-Identifier: Apache-2.0
// Keys and decisions.
#include "filter.hpp"

#include "glob.hpp"

#include <algorithm>

namespace shadowcat::watch {

namespace {

bool allowed_by(const std::vector<std::string>& patterns, const std::string& text) {
    return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
               return glob_matches(pattern, text);
           });
}

std::optional<sdk::Direction> direction_named(const std::string& name) {
    if (name == kClientToServer) return sdk::Direction::client_to_server;
    if (name == kServerToClient) return sdk::Direction::server_to_client;
    return std::nullopt;
}

std::vector<std::string> strings_at(const sdk::Json& config, const char* key) {
    return config.at(key).get<std::vector<std::string>>();
}

sdk::ConfigField patterns(const char* key, const char* of_what) {
    return sdk::string_list(key, std::string("Show only ") + of_what +
                                     ", by patterns with * and ?. Default: all.")
        .defaults_to(sdk::Json::array())
        .between(0, 64);
}

}  // namespace

sdk::Schema Filter::schema() {
    sdk::Schema schema;
    schema.add(patterns("methods", "requests of these methods, their answers, and notifications"));
    schema.add(
        patterns("tools", "what concerns tools of these names (or prompts, or URIs of resources)"));
    schema.add(patterns("sessions", "these sessions, by the names that logs have for them"));
    schema.add(patterns("upstreams", "what was sent to or came from these upstreams"));
    schema.add(sdk::string("direction", "Show only messages of this direction. Default: both.")
                   .one_of({kClientToServer, kServerToClient}));
    schema.add(sdk::boolean("errors",
                            "Show only what went wrong: errors, results of tools that say isError, "
                            "HTTP statuses from 400 on.")
                   .defaults_to(sdk::Json(false)));
    schema.add(sdk::integer("slow_ms",
                            "Show only answers that took at least so many milliseconds, and "
                            "requests that wait for one as long. 0: all.")
                   .defaults_to(sdk::Json(0))
                   .between(0, 86400000));
    schema.add(sdk::string("contains", "Show only messages with this text in their JSON.")
                   .defaults_to(sdk::Json("")));
    schema.add(sdk::boolean("payload", "Show the beginning of each message's JSON too.")
                   .defaults_to(sdk::Json(false)));
    schema.add(sdk::integer("max_payload_bytes", "How much of it.")
                   .defaults_to(sdk::Json(500))
                   .between(1, 16384));
    return schema;
}

Filter::Filter(const sdk::Json& config)
    : methods(strings_at(config, "methods")),
      tools(strings_at(config, "tools")),
      sessions(strings_at(config, "sessions")),
      upstreams(strings_at(config, "upstreams")),
      direction(direction_named(config.value("direction", ""))),
      errors(config.at("errors").get<bool>()),
      slow(std::chrono::milliseconds(config.at("slow_ms").get<std::int64_t>())),
      contains(config.at("contains").get<std::string>()),
      payload(config.at("payload").get<bool>()),
      max_payload_bytes(config.at("max_payload_bytes").get<std::size_t>()) {}

bool Filter::shows(const Entry& entry, bool found) const {
    if (entry.event == events::kDropped) return true;
    if (!allowed_by(sessions, entry.session) || !allowed_by(upstreams, entry.upstream))
        return false;
    if (errors && !entry.is_failure()) return false;
    if (!contains.empty() && !found) return false;
    return entry.direction ? shows_message(entry) : shows_events();
}

bool Filter::shows_message(const Entry& entry) const {
    if (direction && direction != entry.direction) return false;
    if (slow > sdk::Duration::zero() && entry.elapsed.value_or(sdk::Duration::zero()) < slow)
        return false;
    return allowed_by(methods, entry.method) && allowed_by(tools, entry.name);
}

bool Filter::shows_events() const {
    return !direction && slow == sdk::Duration::zero() && methods.empty() && tools.empty();
}

}  // namespace shadowcat::watch
