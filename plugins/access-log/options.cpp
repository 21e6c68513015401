// SPDX-License-Identifier: Apache-2.0
// Reads access_log's keys.
#include "options.hpp"

#include <stdexcept>

namespace shadowcat::access_log {

namespace {

// Smaller files would hold a handful of lines.
constexpr std::uint64_t kLeastBytes = 4096;

std::string checked_path(std::string path) {
    if (path.empty() || path.find('\0') != std::string::npos)
        throw std::invalid_argument("path: expected the name of a file, stdout or stderr");
    return path;
}

void check_rotation(const Options& options) {
    if (options.max_bytes == 0) return;
    if (options.path == Options::kStdout || options.path == Options::kStderr)
        throw std::invalid_argument("max_bytes: " + options.path + " can't be rotated");
    if (options.max_bytes < kLeastBytes)
        throw std::invalid_argument("max_bytes: expected 0 (no rotation) or at least " +
                                    std::to_string(kLeastBytes));
}

}  // namespace

sdk::Schema Options::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("path",
                           "The file that lines are appended to, made with mode 0640; or stdout or "
                           "stderr.")
                   .required());
    schema.add(sdk::string_list("fields",
                                "Which fields a line has, of " + field_names() + ". Default: all.")
                   .defaults_to(sdk::Json::array()));
    schema.add(sdk::integer("max_bytes",
                            "Size at which the file becomes path.1 and a new one begins. 0: never.")
                   .defaults_to(sdk::Json(0))
                   .between(0, std::int64_t{1} << 50));
    schema.add(sdk::integer("keep", "How many files path.1, path.2, … are kept by max_bytes.")
                   .defaults_to(sdk::Json(5))
                   .between(1, 1000));
    schema.add(sdk::integer("queue_bytes",
                            "Memory for lines that are not written yet; lines beyond it are "
                            "dropped and counted.")
                   .defaults_to(sdk::Json(4194304))
                   .between(65536, 1073741824));
    return schema;
}

Options::Options(const sdk::Json& config)
    : path(checked_path(config.at("path").get<std::string>())),
      fields(config.at("fields").get<std::vector<std::string>>()),
      max_bytes(config.at("max_bytes").get<std::uint64_t>()),
      keep(config.at("keep").get<unsigned>()),
      queue_bytes(config.at("queue_bytes").get<std::size_t>()) {
    check_rotation(*this);
}

}  // namespace shadowcat::access_log
