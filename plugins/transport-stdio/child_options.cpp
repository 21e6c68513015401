// SPDX-License-Identifier: Apache-2.0
// Schema, checks and display of a configured command.
#include "child_options.hpp"

#include "environment.hpp"
#include "program_path.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <stdexcept>

namespace shadowcat::transport_stdio {

namespace {

constexpr int kDefaultGraceSecs = 2;
constexpr int kMaxGraceSecs = 3600;

constexpr const char* kLogged = "log";
constexpr const char* kPassed = "pass";

void refuse(bool wrong, const std::string& why) {
    if (wrong) throw std::invalid_argument(why);
}

bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

void check_name(const char* key, const std::string& name) {
    refuse(name.empty() || name.find('=') != std::string::npos || has_nul(name),
           std::string(key) + ": '" + name + "' is not a variable name");
}

/// Whether the option `argument` takes a secret, going by its name.
bool names_secret(std::string_view argument) {
    if (!argument.starts_with('-')) return false;
    std::string name(argument.substr(0, argument.find('=')));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static constexpr std::array<std::string_view, 7> kWords = {
        "token", "secret", "password", "passwd", "api-key", "apikey", "api_key"};
    return std::any_of(kWords.begin(), kWords.end(), [&name](std::string_view word) {
        return name.find(word) != std::string::npos;
    });
}

std::string quoted(const std::string& argument) {
    const bool plain =
        !argument.empty() && argument.find_first_of(" \t\n'\"\\$") == std::string::npos;
    return plain ? argument : "'" + argument + "'";
}

}  // namespace

sdk::Schema ChildOptions::schema() {
    sdk::Schema schema;
    schema.add(sdk::string_list("command", "Program and arguments; no shell is involved")
                   .required()
                   .between(1, 10000));
    schema.add(sdk::string_map("env", "Variables to set in the server's environment").secret());
    schema.add(sdk::string_list("inherit_env",
                                "Names of variables to pass on from the proxy's environment; "
                                "\"*\" passes all of them")
                   .defaults_to(sdk::Json(default_inherited())));
    schema.add(sdk::string("stderr",
                           "What becomes of the server's stderr: \"log\" writes it line by line "
                           "into the log, \"pass\" as it is to the proxy's own stderr")
                   .defaults_to(kLogged)
                   .one_of({kLogged, kPassed}));
    schema.add(sdk::string("cwd", "Working directory of the server; the proxy's own if absent"));
    schema.add(sdk::integer("shutdown_grace_secs",
                            "How long to wait after closing stdin, and again after SIGTERM")
                   .defaults_to(kDefaultGraceSecs)
                   .between(0, kMaxGraceSecs));
    return schema;
}

ChildOptions::ChildOptions(const sdk::Json& config)
    : command_(config.at("command").get<std::vector<std::string>>()),
      added_(config.value("env", std::map<std::string, std::string>())),
      inherited_(config.value("inherit_env", default_inherited())),
      directory_(config.value("cwd", std::string())),
      grace_(std::chrono::seconds(config.value("shutdown_grace_secs", kDefaultGraceSecs))),
      passes_stderr_(config.value("stderr", kLogged) == kPassed) {
    check();
}

void ChildOptions::check() const {
    refuse(command_.empty() || command_.front().empty(), "command: the program's name is empty");
    refuse(std::any_of(command_.begin(), command_.end(), has_nul), "command: contains a NUL byte");
    refuse(has_nul(directory_), "cwd: contains a NUL byte");
    for (const std::string& name : inherited_)
        check_name("inherit_env", name);
    for (const auto& [name, value] : added_) {
        check_name("env", name);
        refuse(has_nul(value), "env." + name + ": contains a NUL byte");
    }
}

sdk::Result<LaunchPlan> ChildOptions::plan() const {
    std::error_code ignored;
    if (!directory_.empty() && !std::filesystem::is_directory(directory_, ignored)) {
        return sdk::upstream_error(sdk::ErrorCode::unreachable,
                                   "cwd is not a directory: '" + directory_ + "'");
    }
    const Environment environment(inherited_, added_);
    sdk::Result<std::string> program =
        find_program(command_.front(), environment.path(), directory_);
    if (program.has_error()) return program.error();
    LaunchPlan plan;
    plan.program = *std::move(program);
    plan.arguments = command_;
    plan.environment = environment.entries();
    plan.directory = directory_;
    return plan;
}

std::string ChildOptions::command_line() const {
    std::string line;
    bool mask_next = false;
    for (const std::string& argument : command_) {
        if (!line.empty()) line += ' ';
        const std::size_t equals = argument.find('=');
        const bool secret = names_secret(argument);
        if (mask_next) {
            line += "***";
        } else if (secret && equals != std::string::npos) {
            line += argument.substr(0, equals) + "=***";
        } else {
            line += quoted(argument);
        }
        mask_next = !mask_next && secret && equals == std::string::npos;
    }
    return line;
}

}  // namespace shadowcat::transport_stdio
