// SPDX-License-Identifier: Apache-2.0
// Command: the plugin kind that adds a subcommand to the program: `shadowcat tape`, …
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/result.hpp"

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::sdk::inline v1 {

/// One word that can follow a command, for completions and help.
class CommandWord {
public:
    enum class Kind : std::uint8_t {
        subcommand,
        flag,
        file /** any file name; `word` is its name */
    };

    CommandWord(Kind what, std::string text, std::string meaning, std::string parent = {})
        : kind(what),
          word(std::move(text)),
          description(std::move(meaning)),
          below(std::move(parent)) {}

    Kind kind;
    std::string word;         ///< `list`, `--json`
    std::string description;  ///< One line.
    std::string below;        ///< The subcommand that it follows; empty: the command itself.
    std::string values;       ///< Of a flag that takes one: `a|b`, or `FILE`, or another name.
};

/// A proxy in forward mode that a command wants to run: one upstream, made from `upstream`.
class ServeRequest {
public:
    ServeRequest() = default;

    Json upstream;          ///< As in the configuration: `{"name": …, "transport": …, …}`.
    std::string listen;     ///< ADDRESS:PORT for HTTP clients; empty: stdin and stdout.
    bool translate = true;  ///< Serve clients of either era (see `shadowcat forward --translate`).
    std::string log_level;  ///< Empty: the default.
};

/// What a command gets to work with. Valid during `run`.
class SHADOWCAT_API CommandContext {
public:
    virtual ~CommandContext() = default;

    virtual std::ostream& out() = 0;     ///< Results go here.
    virtual std::ostream& errors() = 0;  ///< One line per error: `shadowcat: …`; also progress.

    /// The variable `name` of the environment.
    virtual std::optional<std::string> environment(const std::string& name) const = 0;

    /// Runs a proxy until its client or a signal ends it. Gives the exit code.
    virtual int serve(const ServeRequest& request) = 0;

    /// Makes a connector of any loaded plugin. `upstream` as in `ServeRequest`; what is wrong with
    /// it is an error of code `config`. The result is used on `worker`, which the command runs
    /// itself; both must end before `run` returns.
    virtual Result<std::unique_ptr<Connector>> connector(const Json& upstream, Worker& worker) = 0;

    /// An upstream's configuration from what operators write: a URL, or a command with its
    /// arguments.
    virtual Result<Json> upstream_of(const std::string& command_or_url) = 0;
    virtual Json upstream_of(const std::vector<std::string>& command) = 0;
};

/// A subcommand of the program. Registered under its name; takes no configuration (an empty
/// schema). Created when it is to run, or to be described.
class SHADOWCAT_API Command {
public:
    static constexpr std::string_view kKind = "command";
    using Factory = std::function<std::unique_ptr<Command>(const Json&)>;

    virtual ~Command() = default;

    /// What can follow it.
    virtual std::vector<CommandWord> words() const { return {}; }

    /// Performs it; `arguments` are those behind its name (`--help` among them). Blocks; runs on
    /// the main thread with no other thread of ours. Gives the exit code: 0 success, 1 failure, 2
    /// wrong usage.
    virtual int run(const std::vector<std::string>& arguments, CommandContext& context) = 0;
};

}  // namespace shadowcat::sdk::inline v1
