// SPDX-License-Identifier: Apache-2.0
// From arguments to a CommandLine.
#include "core/cli/options.hpp"

#include "core/cli/command_tree.hpp"
#include "core/cli/upstream_argument.hpp"
#include "core/cli/usage_messages.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

using Arguments = std::vector<std::string>;

class Parser {
public:
    explicit Parser(const Arguments& arguments) : arguments_(arguments) {}

    sdk::Result<CommandLine> parse() {
        if (arguments_.size() == 1 && (arguments_[0] == "--help" || arguments_[0] == "-h")) {
            return CommandLine(OverviewOptions());
        }
        if (is_foreign()) return foreign();
        split_command();
        try {
            Arguments reversed(arguments_.rbegin(), arguments_.rend());
            tree_.app.parse(std::move(reversed));
        } catch (const CLI::CallForVersion& version) {
            return CommandLine(PrintOptions(std::string(version.what()) + "\n"));
        } catch (const CLI::Success&) {
            return CommandLine(PrintOptions(tree_.app.help()));
        } catch (const CLI::ExtrasError&) {
            return usage(describe_extra(tree_.app, arguments_));
        } catch (const CLI::ArgumentMismatch& error) {
            return usage(describe_mismatch(error));
        } catch (const CLI::ParseError& error) {
            return usage(one_line(error.what()));
        }
        return command();
    }

private:
    bool is_foreign() const {
        if (arguments_.empty() || arguments_.front().starts_with('-')) return false;
        const auto commands = tree_.app.get_subcommands([](const CLI::App*) { return true; });
        return std::ranges::none_of(commands, [this](const CLI::App* command) {
            return command->get_name() == arguments_.front();
        });
    }

    sdk::Result<CommandLine> foreign() const {
        PluginCommandOptions options;
        options.name = arguments_.front();
        options.arguments.assign(arguments_.begin() + 1, arguments_.end());
        options.otherwise = usage(describe_unknown_command(tree_.app, options.name)).message();
        return CommandLine(std::move(options));
    }

    // What stands behind `--` belongs to the server, whatever it looks like.
    void split_command() {
        if (arguments_.empty() || arguments_.front() != "forward") return;
        const auto dashes = std::ranges::find(arguments_, "--");
        if (dashes == arguments_.end()) return;
        server_.emplace(dashes + 1, arguments_.end());
        arguments_.erase(dashes, arguments_.end());
    }

    sdk::Error usage(const std::string& message) const {
        const std::string path = command_path(tree_.app);
        return sdk::Error(sdk::ErrorCode::config,
                          (path.empty() ? "" : path + ": ") + printable(message) +
                              " (see 'shadowcat " + (path.empty() ? "" : path + " ") + "--help')");
    }

    sdk::Result<CommandLine> command() {
        if (tree_.reverse->parsed()) return reverse();
        if (tree_.forward->parsed()) return forward();
        if (tree_.check->parsed()) return check();
        if (tree_.plugins->parsed()) return plugins();
        if (tree_.completions->parsed()) return completions();
        return usage("name a command: reverse, forward, check, plugins or completions");
    }

    sdk::Result<CommandLine> reverse() {
        RunOptions options;
        options.request.mode = ProxyMode::reverse;
        options.request.file = given_path(*tree_.reverse, "--config", tree_.config);
        for (std::size_t i = 0; i < tree_.upstreams.size(); ++i) {
            auto upstream =
                upstream_from_argument("upstream-" + std::to_string(i + 1), tree_.upstreams[i]);
            if (!upstream) return usage(upstream.error().message());
            options.request.upstreams.push_back(*std::move(upstream));
        }
        if (tree_.reverse->count("--isolation") > 0) options.request.isolation = tree_.isolation;
        add_option(options, *tree_.reverse, "--bind", {"reverse_proxy", "bind_address"},
                   tree_.bind);
        add_option(options, *tree_.reverse, "--workers", {"workers"}, tree_.workers);
        add_logging(options, *tree_.reverse);
        return CommandLine(std::move(options));
    }

    sdk::Result<CommandLine> forward() {
        const bool by_option = tree_.forward->count("--upstream") > 0;
        if (by_option && server_) return usage("give either --upstream or '-- COMMAND', not both");
        if (!by_option && !server_)
            return usage("name the server: '-- COMMAND ARGS' or --upstream URL");
        if (server_ && server_->empty()) return usage("a command must follow '--'");
        RunOptions options;
        ConfigRequest& request = options.request;
        const bool http = tree_.forward->count("--listen") > 0;
        request.mode = http ? ProxyMode::forward_http : ProxyMode::forward_stdio;
        request.translate = tree_.translate;
        if (server_) {
            request.upstream_option = "--";
            request.upstreams = {upstream_from_command("upstream-1", *server_)};
        } else {
            auto upstream = upstream_from_argument("upstream-1", tree_.forward_upstream);
            if (!upstream) return usage(upstream.error().message());
            request.upstreams = {*std::move(upstream)};
        }
        add_option(options, *tree_.forward, "--listen", {"reverse_proxy", "bind_address"},
                   tree_.listen);
        add_interceptors(request);
        add_logging(options, *tree_.forward);
        return CommandLine(std::move(options));
    }

    /// Nearest to the client is the view: it shows what the client sees.
    void add_interceptors(ConfigRequest& request) const {
        request.viewer = tree_.watch ? Viewer::shown : Viewer::attachable;
        if (tree_.forward->count("--tape") > 0) {
            request.interceptors.push_back({{"type", "tape"}, {"path", tree_.tape}});
        }
        if (tree_.forward->count("--rules") > 0) {
            request.interceptors.push_back({{"type", "rules"}, {"file", tree_.rules}});
        }
    }

    sdk::Result<CommandLine> check() {
        CheckOptions options;
        options.config = given_path(*tree_.check, "--config", tree_.config);
        options.print_reference = tree_.print_reference;
        options.schema_only = tree_.schema_only;
        if (!options.config && !options.print_reference) return usage("give --config FILE");
        return CommandLine(std::move(options));
    }

    sdk::Result<CommandLine> plugins() {
        PluginsOptions options;
        if (tree_.plugins_inspect->parsed()) options.inspect = tree_.file;
        options.config = given_path(*tree_.plugins_list, "--config", tree_.config);
        return CommandLine(std::move(options));
    }

    sdk::Result<CommandLine> completions() {
        if (tree_.shell != "bash" && tree_.shell != "zsh" && tree_.shell != "fish") {
            return usage("there are completions for bash, zsh and fish, not for '" + tree_.shell +
                         "'");
        }
        return CommandLine(CompletionsOptions(tree_.shell));
    }

    static std::optional<std::filesystem::path> given_path(const CLI::App& command,
                                                           const char* option,
                                                           const std::string& value) {
        if (command.count(option) == 0) return std::nullopt;
        return std::filesystem::path(value);
    }

    static void add_option(RunOptions& options, const CLI::App& command, const char* name,
                           std::vector<std::string> keys, const std::string& value) {
        if (command.count(name) == 0) return;
        options.request.options.emplace_back(Origin::command_line(name), std::move(keys), value);
    }

    void add_logging(RunOptions& options, const CLI::App& command) const {
        add_option(options, command, "--log-level", {"logging", "level"}, tree_.log_level);
        add_option(options, command, "--log-format", {"logging", "format"}, tree_.log_format);
    }

    Arguments arguments_;
    std::optional<Arguments> server_;
    CommandTree tree_;
};

}  // namespace

sdk::Result<CommandLine> parse_command_line(const Arguments& arguments) {
    return Parser(arguments).parse();
}

}  // namespace shadowcat::core
