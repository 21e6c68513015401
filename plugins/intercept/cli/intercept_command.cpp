// SPDX-License-Identifier: Apache-2.0
// One function for each subcommand.
#include "cli/intercept_command.hpp"

#include "shadowcat/sdk/control_client.hpp"

#include "cli/edit_session.hpp"
#include "cli/json_layout.hpp"
#include "cli/paused_view.hpp"
#include "cli/terminal_text.hpp"

#include <unistd.h>

#include <iostream>

namespace shadowcat::intercept {

namespace {

constexpr int kInterceptFailed = 1;
constexpr int kInterceptMisused = 2;

using Asked = sdk::Result<void>;

std::string in_one_line(const Json& line) {
    return line.dump(-1, ' ', true, Json::error_handler_t::replace);
}

/// `$VISUAL`, `$EDITOR` or vi; asks on the terminal.
class TerminalUser final : public EditorUser {
public:
    explicit TerminalUser(sdk::CommandContext& context) : context_(context) {}

    Asked edit(const std::string& path) override {
        std::vector<std::string> program = words_of(command());
        if (program.empty())
            return sdk::Error(sdk::ErrorCode::config,
                              "$VISUAL or $EDITOR is no command: " + command());
        program.push_back(path);
        const Asked run = run_program(program);
        if (run.has_error())
            return sdk::Error(run.error().code(),
                              run.error().message() +
                                  "; the message is as it was (set $VISUAL or $EDITOR, or give "
                                  "--file)");
        return run;
    }

    bool again(const std::string& why) override {
        if (::isatty(STDIN_FILENO) != 1) return false;
        context_.errors() << "shadowcat: intercept: " << terminal_text(why)
                          << "\nEdit again? [Y/n] " << std::flush;
        std::string answer;
        return std::getline(std::cin, answer) && !answer.starts_with('n') &&
               !answer.starts_with('N');
    }

private:
    std::string command() const {
        for (const char* name : {"VISUAL", "EDITOR"}) {
            const std::string value = context_.environment(name).value_or("");
            if (!value.empty()) return value;
        }
        return "vi";
    }

    sdk::CommandContext& context_;
};

Asked run_follow(const InterceptArguments& arguments, ProxyLine& proxy, std::ostream& out) {
    return proxy.ask({{"verb", "intercept.wait"}}, [&](const Json& line) {
        out << (arguments.json ? in_one_line(line) : news_line(line)) << std::endl;
    });
}

Asked print_lines(const InterceptArguments& arguments, ProxyLine& proxy, const char* verb,
                  void (*print)(const std::vector<Json>&, std::ostream&), std::ostream& out) {
    const auto lines = ask_all(proxy, {{"verb", verb}});
    if (lines.has_error()) return lines.error();
    if (!arguments.json) {
        print(*lines, out);
        return {};
    }
    for (const Json& line : *lines)
        out << in_one_line(line) << '\n';
    return {};
}

void print_paused_or_none(const std::vector<Json>& lines, std::ostream& out) {
    if (lines.empty()) {
        out << "nothing is paused\n";
    } else {
        print_paused(lines, out);
    }
}

Asked run_list(const InterceptArguments& arguments, ProxyLine& proxy,
               sdk::CommandContext& context) {
    if (arguments.follow) return run_follow(arguments, proxy, context.out());
    return print_lines(arguments, proxy, "intercept.list", print_paused_or_none, context.out());
}

Asked run_rules(const InterceptArguments& arguments, ProxyLine& proxy,
                sdk::CommandContext& context) {
    return print_lines(arguments, proxy, "intercept.rules", print_rules, context.out());
}

/// On a terminal nothing of it has an effect; JSON's escapes mean the same.
Asked run_show(const InterceptArguments& arguments, ProxyLine& proxy,
               sdk::CommandContext& context) {
    const auto lines = ask_all(proxy, {{"verb", "intercept.show"}, {"id", arguments.id}});
    if (lines.has_error()) return lines.error();
    for (const Json& line : *lines) {
        const std::string text = line.value("message", "");
        const std::string laid_out = arguments.raw ? text : spread_json(text);
        const bool terminal = ::isatty(STDOUT_FILENO) == 1;
        context.out() << (terminal ? terminal_text(laid_out, true) : laid_out) << '\n';
    }
    return {};
}

Asked run_edit(const InterceptArguments& arguments, ProxyLine& proxy,
               sdk::CommandContext& context) {
    if (arguments.file.empty()) {
        TerminalUser user(context);
        const Asked edited = edit_with(user, proxy, arguments.id, arguments.resume);
        if (edited.has_error()) return edited;
    } else {
        const sdk::Result<std::string> text = text_of_file(arguments.file);
        if (text.has_error()) return text.error();
        const Asked sent = send_edited(proxy, arguments.id, *text, arguments.resume);
        if (sent.has_error()) return sent;
    }
    context.out() << "edited message " << arguments.id
                  << (arguments.resume ? " and resumed it" : ", which waits on") << '\n';
    return {};
}

Asked run_end(const InterceptArguments& arguments, ProxyLine& proxy, sdk::CommandContext& context) {
    const bool drops = arguments.subcommand == "drop";
    const auto lines = ask_all(
        proxy, {{"verb", drops ? "intercept.drop" : "intercept.resume"}, {"id", arguments.id}});
    if (lines.has_error()) return lines.error();
    const std::size_t count = lines->empty() ? 0 : lines->front().value("count", std::size_t{0});
    context.out() << (drops ? "dropped " : "resumed ") << count
                  << (count == 1 ? " message\n" : " messages\n");
    return {};
}

int fail(sdk::CommandContext& context, const sdk::Error& error, int code, const char* hint = "") {
    context.errors() << "shadowcat: intercept: " << terminal_text(error.message()) << hint << '\n';
    return code;
}

}  // namespace

int perform_intercept(const InterceptArguments& arguments, ProxyLine& proxy,
                      sdk::CommandContext& context) {
    using Subcommand = Asked (*)(const InterceptArguments&, ProxyLine&, sdk::CommandContext&);
    const auto subcommand = [&]() -> Subcommand {
        if (arguments.subcommand == "list") return run_list;
        if (arguments.subcommand == "show") return run_show;
        if (arguments.subcommand == "edit") return run_edit;
        return arguments.subcommand == "rules" ? run_rules : run_end;
    }();
    const Asked done = subcommand(arguments, proxy, context);
    return done.has_error() ? fail(context, done.error(), kInterceptFailed) : 0;
}

int InterceptCommand::run(const std::vector<std::string>& arguments, sdk::CommandContext& context) {
    const auto parsed = parse_intercept(arguments);
    if (parsed.has_error())
        return fail(context, parsed.error(), kInterceptMisused,
                    " (see 'shadowcat intercept --help')");
    if (parsed->help) {
        context.out() << *parsed->help;
        return 0;
    }
    const auto socket = sdk::choose_control_socket(parsed->proxy);
    if (socket.has_error()) return fail(context, socket.error(), kInterceptFailed);
    SocketLine proxy(*socket);
    return perform_intercept(*parsed, proxy, context);
}

}  // namespace shadowcat::intercept
