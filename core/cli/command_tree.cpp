// SPDX-License-Identifier: Apache-2.0
// Declares commands, options and examples. Value names double as hints for completions: `a|b` are
// the values there are, `FILE` is a file.
#include "core/cli/command_tree.hpp"

namespace shadowcat::core {

namespace {

constexpr const char* kFooter = R"(Examples:
  shadowcat reverse --upstream "python3 server.py"
  shadowcat reverse --config shadowcat.yaml
  shadowcat forward -- npx -y @modelcontextprotocol/server-everything
  shadowcat check --config shadowcat.yaml

Exit codes: 0 success, 1 failure while running, 2 wrong usage or configuration.
Every configuration key can also be set by a variable: SHADOWCAT_REVERSE_PROXY__BIND_ADDRESS=…)";

constexpr const char* kReverseFooter =
    R"(--upstream can be repeated: the servers are named upstream-1, upstream-2, … and share the load.
It takes the place of the configuration file's upstreams. No shell is run: quotes and backslashes
work as in a shell; pipes, variables and patterns need sh -c '…'.

Examples:
  shadowcat reverse --upstream "python3 server.py"
  shadowcat reverse --upstream https://mcp.example.com/mcp --bind 127.0.0.1:9000
  shadowcat reverse --upstream "server --a" --upstream "server --b"
  shadowcat reverse --config shadowcat.yaml --log-format json)";

constexpr const char* kForwardFooter =
    R"(The client talks over this process's stdin and stdout unless --listen is given; logs go to stderr.

Examples:
  shadowcat forward -- python3 server.py --verbose
  shadowcat forward --upstream https://mcp.example.com/mcp
  shadowcat forward --listen 127.0.0.1:8080 -- python3 server.py
  shadowcat forward --watch --tape session.jsonl -- python3 server.py
  shadowcat forward --rules rules.yaml -- python3 server.py

From another terminal: shadowcat watch, shadowcat intercept.)";

constexpr const char* kCheckFooter =
    R"(Nothing is started. Every error is printed with its file, line and key.

Examples:
  shadowcat check --config shadowcat.yaml
  shadowcat check --print-reference > configuration.md)";

constexpr const char* kPluginsFooter = R"(Examples:
  shadowcat plugins
  shadowcat plugins list --config shadowcat.yaml
  shadowcat plugins inspect ./my-transport.so)";

constexpr const char* kInspectFooter =
    R"(Loading the file runs its initialisers: inspect only what you would also run.

Examples:
  shadowcat plugins inspect /usr/lib/shadowcat/plugins/transport-http.so)";

constexpr const char* kCompletionsFooter = R"(Examples:
  shadowcat completions bash > ~/.local/share/bash-completion/completions/shadowcat
  shadowcat completions zsh > ~/.zfunc/_shadowcat
  shadowcat completions fish > ~/.config/fish/completions/shadowcat.fish)";

}  // namespace

CommandTree::CommandTree() : app("A plugin-driven proxy for the Model Context Protocol (MCP).") {
    app.name("shadowcat");
    app.set_version_flag("--version", "shadowcat " SHADOWCAT_VERSION, "Print the version and exit");
    app.footer(kFooter);
    add_reverse();
    add_forward();
    add_check();
    add_plugins();
    add_completions();
    app.require_subcommand(0, 1);
}

CommandTree::CommandTree(const std::vector<PluginCommand>& added) : CommandTree() {
    for (const PluginCommand& command : added)
        add(command);
}

void CommandTree::add(const PluginCommand& added) {
    CLI::App* command = app.add_subcommand(added.name, added.description);
    for (const sdk::CommandWord& word : added.words) {
        try {
            add_word(*command, word);
        } catch (const CLI::Error&) {  // it is there already, or no word: the plugin's mistake,
            continue;                  // for which nobody should miss the help
        }
    }
}

void CommandTree::add_word(CLI::App& command, const sdk::CommandWord& word) {
    using enum sdk::CommandWord::Kind;
    CLI::App* below = word.below.empty() ? &command : command.get_subcommand(word.below);
    if (word.kind == subcommand) {
        below->add_subcommand(word.word, word.description);
    } else if (word.kind == flag && word.values.empty()) {
        below->add_flag(word.word, word.description);
    } else {
        CLI::Option* option = below->add_option(
            word.word, [](const CLI::results_t&) { return true; }, word.description);
        option->type_name(word.kind == file ? "FILE" : word.values);
    }
}

void CommandTree::add_logging(CLI::App& command) {
    command.add_option("--log-level", log_level, "Least severe lines that are written to stderr")
        ->type_name("trace|debug|info|warn|error|off");
    command.add_option("--log-format", log_format, "How those lines look")->type_name("text|json");
}

void CommandTree::add_reverse() {
    reverse = app.add_subcommand("reverse", "Serve MCP servers to HTTP clients");
    reverse->footer(kReverseFooter);
    reverse
        ->add_option("--upstream", upstreams,
                     "The server: a command line that starts it (MCP on stdio), or its URL")
        ->type_name("COMMAND|URL")
        ->allow_extra_args(false);
    reverse->add_option("--bind", bind, "Where clients connect (default 127.0.0.1:8080)")
        ->type_name("ADDRESS:PORT");
    reverse->add_option("--config", config, "YAML configuration")->type_name("FILE");
    reverse->add_option("--isolation", isolation, "Whether client sessions share a connection")
        ->type_name("per_session|shared");
    reverse->add_option("--workers", workers, "Worker threads (default 0: one for each core)")
        ->type_name("N");
    add_logging(*reverse);
}

void CommandTree::add_forward() {
    forward = app.add_subcommand("forward", "Stand between one client and one server");
    forward->footer(kForwardFooter);
    forward
        ->add_option("--upstream", forward_upstream,
                     "The server's URL; without it the server is the command behind --")
        ->type_name("URL");
    forward->add_option("--listen", listen, "Serve an HTTP client here instead of stdin and stdout")
        ->type_name("ADDRESS:PORT");
    forward->add_flag("--translate", translate,
                      "Let a client of any revision talk to a server of any other, instead of "
                      "passing everything as it comes");
    forward->add_option("--tape", tape, "Record everything into this tape, or directory of tapes")
        ->type_name("FILE");
    forward->add_option("--rules", rules, "Change, block, delay or pause messages by these rules")
        ->type_name("FILE");
    forward->add_flag("--watch", watch, "Show each message on stderr as it passes");
    add_logging(*forward);
}

void CommandTree::add_check() {
    check = app.add_subcommand("check", "Validate a configuration with all its plugins");
    check->footer(kCheckFooter);
    check->add_option("--config", config, "YAML configuration")->type_name("FILE");
    check->add_flag("--schema-only", schema_only,
                    "Only what schemas can tell; files such as certificates may be missing");
    check->add_flag("--print-reference", print_reference,
                    "Print all keys with type, default and meaning as Markdown");
}

void CommandTree::add_plugins() {
    plugins = app.add_subcommand("plugins", "Show what plugins offer");
    plugins->footer(kPluginsFooter);
    plugins->require_subcommand(0, 1);
    plugins_list = plugins->add_subcommand("list", "Plugins that would be loaded, and their parts");
    plugins_list->add_option("--config", config, "Configuration with the section plugins")
        ->type_name("FILE");
    plugins_list->footer(kPluginsFooter);
    plugins_inspect = plugins->add_subcommand("inspect", "One plugin's file");
    plugins_inspect->add_option("file", file, "The plugin")->type_name("FILE")->required();
    plugins_inspect->footer(kInspectFooter);
}

void CommandTree::add_completions() {
    completions = app.add_subcommand("completions", "Print a completion script for a shell");
    completions->footer(kCompletionsFooter);
    completions->add_option("shell", shell, "The shell")->type_name("bash|zsh|fish")->required();
}

}  // namespace shadowcat::core
