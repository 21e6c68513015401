// SPDX-License-Identifier: Apache-2.0
// Words usage errors.
#include "core/cli/usage_messages.hpp"

#include <algorithm>
#include <functional>

namespace shadowcat::core {

namespace {

const CLI::App* chosen_command(const CLI::App& app) {
    const auto parsed = app.get_subcommands(std::function<bool(const CLI::App*)>(
        [](const CLI::App* command) { return command->parsed(); }));
    return parsed.empty() ? nullptr : parsed.front();
}

std::vector<const CLI::App*> all_commands(const CLI::App& app) {
    return app.get_subcommands(
        std::function<bool(const CLI::App*)>([](const CLI::App*) { return true; }));
}

std::size_t common_letters(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

/// The candidate that begins most like `word`, if half of the word agrees.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
    std::string best;
    for (const std::string& candidate : candidates) {
        if (common_letters(word, candidate) > common_letters(word, best)) best = candidate;
    }
    const std::size_t prefix = std::min(word.find_first_not_of('-'), word.size());
    const std::size_t agree = common_letters(word, best);
    return agree > prefix && (agree - prefix) * 2 >= word.size() - prefix ? best : "";
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    }
    return names;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::string describe_unknown_command(const CLI::App& command, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* sub : all_commands(command))
        names.push_back(sub->get_name());
    const std::string hint = nearest(word, names);
    return "'" + word + "' is no command; " +
           (hint.empty() ? "commands: " + joined(names) : "did you mean '" + hint + "'?");
}

std::string command_path(const CLI::App& app) {
    const CLI::App* command = chosen_command(app);
    if (command == nullptr) return {};
    const std::string below = command_path(*command);
    return command->get_name() + (below.empty() ? "" : " " + below);
}

std::string describe_extra(const CLI::App& app, const std::vector<std::string>& arguments) {
    const std::vector<std::string> extras = app.remaining(true);
    const auto first = std::ranges::find_first_of(arguments, extras);
    const std::string word = first != arguments.end() ? *first : "";
    const CLI::App* command = &app;
    while (const CLI::App* below = chosen_command(*command))
        command = below;
    if (word.starts_with('-')) {
        const std::string hint = nearest(word, options_of(*command));
        return "unknown option " + word +
               (hint.empty() ? "; options: " + joined(options_of(*command))
                             : "; did you mean " + hint + "?");
    }
    if (!all_commands(*command).empty()) return describe_unknown_command(*command, word);
    return "unexpected argument '" + word + "'; quote a value that has spaces";
}

std::string describe_mismatch(const CLI::ArgumentMismatch& error) {
    const std::string text = one_line(error.what());
    const std::string option = text.substr(0, text.find(':'));
    if (text.find("received") != std::string::npos) return option + " is given more than once";
    if (text.find("missing") != std::string::npos) return option + " needs a value";
    return text;
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    return text;
}

}  // namespace shadowcat::core
