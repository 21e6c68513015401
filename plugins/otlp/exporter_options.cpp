// SPDX-License-Identifier: Apache-2.0
// Reads the shared keys.
#include "exporter_options.hpp"

#include <algorithm>
#include <stdexcept>

namespace shadowcat::otlp {

namespace {

using Headers = std::map<std::string, std::string>;

template <class T>
T value_or_throw(sdk::Result<T> result) {
    if (result.has_error()) throw std::invalid_argument(result.error().message());
    return std::move(result).value();
}

bool is_token_character(char c) {
    const bool alphanumeric =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_value_character(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7F);
}

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

/// What the request itself says.
bool is_taken(const std::string& name) {
    const std::string lower = lower_case(name);
    return std::ranges::any_of(
        std::initializer_list<const char*>{"host", "content-length", "content-type", "connection",
                                           "transfer-encoding", "content-encoding", "accept",
                                           "accept-encoding", "user-agent", "expect"},
        [&](const char* taken) { return lower == taken; });
}

void check_header(const std::string& name, const std::string& value) {
    if (name.empty() || !std::ranges::all_of(name, is_token_character))
        throw std::invalid_argument("headers: \"" + name + "\" is not a header's name");
    if (is_taken(name))
        throw std::invalid_argument("headers: " + name + " is set by the exporter itself");
    if (!std::ranges::all_of(value, is_value_character))
        throw std::invalid_argument("headers: the value of " + name +
                                    " holds a line break or control character");
}

std::string lines_of(const Headers& headers) {
    std::string lines;
    for (const auto& [name, value] : headers) {
        check_header(name, value);
        lines.append(name).append(": ").append(value).append("\r\n");
    }
    return lines;
}

std::optional<TlsTrust> trust_for(const Endpoint& endpoint, const std::string& ca_file) {
    if (endpoint.tls) return value_or_throw(TlsTrust::load(ca_file));
    if (!ca_file.empty()) throw std::invalid_argument("ca_file: needs an endpoint with https://");
    return std::nullopt;
}

}  // namespace

sdk::Schema ExporterOptions::schema() {
    using namespace sdk;
    Schema schema;
    schema.add(string("endpoint", "Base URL of the collector; /v1/metrics and /v1/traces follow")
                   .defaults_to(Json("http://127.0.0.1:4318")));
    schema.add(string_map("headers", "Header lines of each request, such as Authorization")
                   .defaults_to(Json::object())
                   .secret());
    schema.add(integer("timeout_secs", "Seconds for one request, and for the last ones at the end")
                   .defaults_to(Json(10))
                   .between(1, 300));
    schema.add(string("ca_file", "CA certificates, PEM, trusted instead of the system's (https)")
                   .defaults_to(Json("")));
    schema.add(string("service_name", "The resource attribute service.name")
                   .defaults_to(Json("shadowcat")));
    schema.add(string_map("resource_attributes",
                          "More resource attributes, such as deployment.environment.name")
                   .defaults_to(Json::object()));
    return schema;
}

ExporterOptions::ExporterOptions(const sdk::Json& config)
    : endpoint(value_or_throw(Endpoint::parse(config.at("endpoint").get<std::string>()))),
      trust(trust_for(endpoint, config.at("ca_file").get<std::string>())),
      header_lines(lines_of(config.at("headers").get<Headers>())),
      timeout(std::chrono::seconds(config.at("timeout_secs").get<int>())),
      service_name(config.at("service_name").get<std::string>()),
      resource_attributes(
          config.at("resource_attributes").get<std::map<std::string, std::string>>()) {}

}  // namespace shadowcat::otlp
