// SPDX-License-Identifier: Apache-2.0
// Formats structured lines and hands them to one spdlog logger on stderr.
#include "shadowcat/sdk/log.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <memory>

namespace shadowcat::sdk::inline v1::log {

namespace {

class Output {
public:
    Output()
        : logger(std::make_shared<spdlog::logger>(
              "shadowcat", std::make_shared<spdlog::sinks::stderr_sink_mt>())) {
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-5l %v", spdlog::pattern_time_type::utc);
        logger->set_level(spdlog::level::info);
        logger->flush_on(spdlog::level::trace);
    }

    std::shared_ptr<spdlog::logger> logger;
    std::atomic<Format> format = Format::text;  // a reload changes it while others log
};

// Leaked on purpose: coroutines may log until the very end of the process.
Output& output() {
    static auto* instance = new Output;
    return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
    return level == Level::off ? spdlog::level::off : static_cast<spdlog::level::level_enum>(level);
}

bool plain(std::string_view text) {
    if (text.empty()) return false;
    for (const unsigned char c : text) {
        if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c == 0x7f) return false;
    }
    return true;
}

std::string quote(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string text_line(std::string_view event, Fields fields) {
    std::string line(event);
    for (const Field& field : fields) {
        line.append(" ").append(field.key()).append("=");
        line += plain(field.text()) ? field.text() : quote(field.text());
    }
    return line;
}

std::string json_fields(std::string_view event, Fields fields) {
    std::string line = "\"event\":" + quote(event);
    for (const Field& field : fields) {
        line.append(",").append(quote(field.key())).append(":");
        line += field.numeric() ? field.text() : quote(field.text());
    }
    return line;
}

}  // namespace

Field::Field(std::string_view key, double value) : key_(key), numeric_(true) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.6g", value);
    text_ = buffer.data();
}

bool enabled(Level level) noexcept { return output().logger->should_log(to_spdlog(level)); }

void write(Level level, std::string_view event, Fields fields) noexcept {
    try {
        Output& out = output();
        if (!out.logger->should_log(to_spdlog(level))) return;
        const std::string line =
            out.format == Format::json ? json_fields(event, fields) : text_line(event, fields);
        out.logger->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
    } catch (...) {
        // A line that can't be written must not take anything down.
    }
}

void configure(Level level, Format format) {
    Output& out = output();
    out.format = format;
    out.logger->set_level(to_spdlog(level));
    if (format == Format::json) {
        out.logger->set_pattern("{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",\"level\":\"%l\",%v}",
                                spdlog::pattern_time_type::utc);
    } else {
        out.logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-5l %v", spdlog::pattern_time_type::utc);
    }
}

}  // namespace shadowcat::sdk::inline v1::log
