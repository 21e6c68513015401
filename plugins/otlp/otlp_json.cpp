// SPDX-License-Identifier: Apache-2.0
// OTLP/JSON by nlohmann::json.
#include "otlp_json.hpp"

#include "shadowcat/sdk/version.hpp"

#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace shadowcat::otlp {

using sdk::Json;

namespace {

/// A version 4 UUID.
std::string random_uuid() {
    std::array<unsigned char, 16> bytes = {};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::array<char, 3> digits = {};
        std::snprintf(digits.data(), digits.size(), "%02x", bytes[i]);
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += digits.data();
    }
    return text;
}

/// The same for both sinks: they describe one process.
const std::string& instance_id() {
    static const std::string id = random_uuid();
    return id;
}

std::string host_name() {
    std::array<char, 256> name = {};
    if (::gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

}  // namespace

std::string time_text(std::chrono::system_clock::time_point time) {
    using std::chrono::nanoseconds;
    return number_text(std::chrono::duration_cast<nanoseconds>(time.time_since_epoch()).count());
}

Json text_attribute(std::string_view key, std::string_view value) {
    Json any = Json::object({{"stringValue", value}});
    return Json::object({{"key", key}, {"value", std::move(any)}});
}

std::string json_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string resource_text(const ExporterOptions& options) {
    std::map<std::string, std::string> all = options.resource_attributes;
    all.try_emplace("service.name", options.service_name);
    all.try_emplace("service.version", SHADOWCAT_SDK_VERSION);
    all.try_emplace("service.instance.id", instance_id());
    all.try_emplace("host.name", host_name());
    Json attributes = Json::array();
    for (const auto& [key, value] : all)
        attributes.push_back(text_attribute(key, value));
    return json_text(Json::object({{"attributes", std::move(attributes)}}));
}

std::string scope_text() {
    return json_text(Json::object({{"name", "shadowcat"}, {"version", SHADOWCAT_SDK_VERSION}}));
}

}  // namespace shadowcat::otlp
