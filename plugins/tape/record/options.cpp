// SPDX-License-Identifier: Apache-2.0
// Reads the recorder's keys.
#include "record/options.hpp"

#include "format/part_name.hpp"
#include "format/tape_files.hpp"

#include <stdexcept>
#include <system_error>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

// Smaller files would hold a handful of messages.
constexpr std::uint64_t kLeastFileBytes = 16384;

sdk::Schema redact_schema() {
    sdk::Schema schema;
    schema.add(sdk::boolean("enabled", "Replace secrets before they reach the disk.")
                   .defaults_to(sdk::Json(true)));
    schema.add(sdk::string_list("headers",
                                "HTTP headers whose values are replaced, beside those that always "
                                "are: Authorization, Cookie, X-Api-Key, Mcp-Session-Id, …")
                   .defaults_to(sdk::Json::array()));
    schema.add(sdk::string_list(
                   "pointers",
                   "JSON pointers to what is replaced in messages; * stands for any member or "
                   "element: /params/arguments/password, /result/content/*/text.")
                   .defaults_to(sdk::Json::array()));
    schema.add(sdk::string_list("patterns",
                                "Regular expressions (RE2); what they match in strings and numbers "
                                "of messages and in events is replaced.")
                   .defaults_to(sdk::Json::array()));
    return schema;
}

void add_limits(sdk::Schema& schema) {
    const std::int64_t most = std::int64_t{1} << 50;
    schema.add(
        sdk::integer("max_file_bytes", "Size at which a tape goes on in another file. 0: never.")
            .defaults_to(sdk::Json(0))
            .between(0, most));
    schema.add(sdk::integer("max_files",
                            "How many tape files the directory keeps; the oldest finished tapes "
                            "beyond it are deleted. 0: all.")
                   .defaults_to(sdk::Json(0))
                   .between(0, 1'000'000));
    schema.add(sdk::integer("max_total_bytes",
                            "How large the directory's tapes may be together; the oldest finished "
                            "ones beyond it are deleted. 0: any size.")
                   .defaults_to(sdk::Json(0))
                   .between(0, most));
    schema.add(sdk::integer("queue_bytes", "Memory for what is not written yet.")
                   .defaults_to(sdk::Json(33554432))
                   .between(65536, 4294967296));
    schema.add(sdk::string("on_full",
                           "What happens when that is full: drop messages from the tape (and note "
                           "how many), or block traffic until they are written.")
                   .one_of({"drop", "block"})
                   .defaults_to(sdk::Json("drop")));
}

/// The nearest thing that exists on the way to `path`.
fs::path existing_part(fs::path path) {
    std::error_code failed;
    while (!fs::exists(path, failed) && path.has_relative_path())
        path = path.parent_path();
    return path;
}

fs::path checked_path(const sdk::Json& config) {
    const std::string text = config.value("path", std::string());
    if (text.find('\0') != std::string::npos)
        throw std::invalid_argument("path: expected a directory, or a file NAME.jsonl");
    const fs::path path = text.empty() ? default_tape_directory() : fs::path(text);
    const bool file = path.extension() == ".jsonl";
    const fs::path directory = file ? path.parent_path() : path;
    std::error_code failed;
    const fs::path existing = existing_part(directory);
    if (!existing.empty() && fs::exists(existing, failed) && !fs::is_directory(existing, failed))
        throw std::invalid_argument("path: \"" + existing.string() + "\" is not a directory");
    if (file && fs::is_directory(path, failed))
        throw std::invalid_argument("path: \"" + path.string() + "\" is a directory");
    if (file && PartName(path).number != 1)
        throw std::invalid_argument("path: \"" + path.string() +
                                    "\" is what the second part of a tape is called");
    return path;
}

RedactOptions redact_options(const sdk::Json& config) {
    using Texts = std::vector<std::string>;
    const sdk::Json redact = config.value("redact", sdk::Json::object());
    RedactOptions options;
    options.enabled = redact.value("enabled", true);
    options.headers = redact.value("headers", Texts());
    options.pointers = redact.value("pointers", Texts());
    options.patterns = redact.value("patterns", Texts());
    return options;
}

void check(const Options& options) {
    if (options.max_file_bytes != 0 && options.max_file_bytes < kLeastFileBytes)
        throw std::invalid_argument("max_file_bytes: expected 0 (no rotation) or at least " +
                                    std::to_string(kLeastFileBytes));
    if (options.is_file() && (options.max_files != 0 || options.max_total_bytes != 0))
        throw std::invalid_argument(
            "max_files and max_total_bytes need a path that is a directory: \"" +
            options.path.string() + "\" is one file");
    const RedactOptions& redact = options.redact;
    const bool asked =
        !redact.headers.empty() || !redact.pointers.empty() || !redact.patterns.empty();
    if (asked && !redact.enabled)
        throw std::invalid_argument(
            "redact: headers, pointers and patterns do nothing with enabled: false");
}

}  // namespace

sdk::Schema Options::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("path",
                           "A directory, which gets one tape for each session; or a file "
                           "NAME.jsonl (further sessions get NAME-2.jsonl, …). Default: the "
                           "directory of `shadowcat tape`."));
    add_limits(schema);
    schema.add(sdk::boolean("events",
                            "Record what happens beside messages too: HTTP heads, SSE framing, "
                            "connections, what servers write to stderr.")
                   .defaults_to(sdk::Json(true)));
    schema.add(sdk::string_list("methods",
                                "Record only requests and notifications with these methods, and "
                                "the responses to them. Default: all messages.")
                   .defaults_to(sdk::Json::array()));
    schema.add(sdk::object("redact", "What is replaced before it is written.", redact_schema()));
    return schema;
}

Options::Options(const sdk::Json& config)
    : path(checked_path(config)),
      max_file_bytes(config.at("max_file_bytes").get<std::uint64_t>()),
      max_files(config.at("max_files").get<std::uint64_t>()),
      max_total_bytes(config.at("max_total_bytes").get<std::uint64_t>()),
      queue_bytes(config.at("queue_bytes").get<std::size_t>()),
      block(config.at("on_full") == "block"),
      events(config.at("events").get<bool>()),
      methods(config.at("methods").get<std::set<std::string, std::less<>>>()),
      redact(redact_options(config)) {
    check(*this);
}

}  // namespace shadowcat::tape
