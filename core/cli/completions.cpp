// SPDX-License-Identifier: Apache-2.0
// Walks the command tree and writes one script for each shell.
#include "core/cli/completions.hpp"

#include "core/cli/command_tree.hpp"

#include <functional>
#include <set>

namespace shadowcat::core {

namespace {

using Commands = std::vector<const CLI::App*>;

Commands subcommands(const CLI::App& app) {
    return app.get_subcommands(
        std::function<bool(const CLI::App*)>([](const CLI::App*) { return true; }));
}

std::string flag_of(const CLI::Option& option) {
    return option.get_lnames().empty() ? "" : "--" + option.get_lnames().front();
}

/// The values an option or argument can have: those between the bars of its type name.
std::vector<std::string> values_of(const CLI::Option& option) {
    std::vector<std::string> values;
    const std::string type = option.get_type_name();
    if (type.find('|') == std::string::npos || (type[0] >= 'A' && type[0] <= 'Z')) return values;
    std::size_t start = 0;
    while (start <= type.size()) {
        const std::size_t bar = std::min(type.find('|', start), type.size());
        values.push_back(type.substr(start, bar - start));
        start = bar + 1;
    }
    return values;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

/// Everything that can stand behind a command: its subcommands, flags and fixed values.
std::string words_of(const CLI::App& command) {
    std::vector<std::string> words;
    for (const CLI::App* sub : subcommands(command))
        words.push_back(sub->get_name());
    for (const CLI::Option* option : command.get_options()) {
        if (const std::string flag = flag_of(*option); !flag.empty()) words.push_back(flag);
        if (option->get_positional()) {
            for (std::string& value : values_of(*option))
                words.push_back(std::move(value));
        }
    }
    return joined(words);
}

bool wants_file(const CLI::App& command) {
    for (const CLI::Option* option : command.get_options()) {
        if (option->get_positional() && option->get_type_name() == "FILE") return true;
    }
    return false;
}

/// Calls `visit` for each option of each command that takes a value, once for each name.
void each_valued_option(const CLI::App& app, const std::function<void(const CLI::Option&)>& visit) {
    std::set<std::string> seen;
    const std::function<void(const CLI::App&)> walk = [&](const CLI::App& command) {
        for (const CLI::Option* option : command.get_options()) {
            const bool fresh = !option->get_positional() && takes_value(*option) &&
                               seen.insert(flag_of(*option)).second;
            if (fresh) visit(*option);
        }
        for (const CLI::App* sub : subcommands(command))
            walk(*sub);
    };
    walk(app);
}

void write_bash_command(const CLI::App& command, const std::string& path, std::string& out) {
    out += "    '" + path + "') words='" + words_of(command) + "'";
    if (wants_file(command)) out += "; files=1";
    out += " ;;\n";
    for (const CLI::App* sub : subcommands(command)) {
        write_bash_command(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(),
                           out);
    }
}

std::string bash_script(const CLI::App& app) {
    std::string out = R"(# Completions of shadowcat for bash.
_shadowcat() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= files= path= i
  COMPREPLY=()
  case $previous in
)";
    each_valued_option(app, [&out](const CLI::Option& option) {
        const std::string values = joined(values_of(option));
        out += "    " + flag_of(option) + ") ";
        if (!values.empty()) out += "COMPREPLY=($(compgen -W '" + values + "' -- \"$current\")); ";
        if (option.get_type_name() == "FILE") out += "COMPREPLY=($(compgen -f -- \"$current\")); ";
        out += "return ;;\n";
    });
    out += R"(  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --) return ;;
      -*) ;;
)";
    for (const CLI::App* sub : subcommands(app)) {
        for (const CLI::App* below : subcommands(*sub)) {
            out += "      " + below->get_name() + ") [ \"$path\" = " + sub->get_name() +
                   " ] && path='" + sub->get_name() + " " + below->get_name() + "' ;;\n";
        }
    }
    for (const CLI::App* sub : subcommands(app)) {
        out +=
            "      " + sub->get_name() + ") [ -z \"$path\" ] && path=" + sub->get_name() + " ;;\n";
    }
    out += "    esac\n  done\n  case $path in\n";
    write_bash_command(app, "", out);
    out += R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _shadowcat shadowcat
)";
    return out;
}

// zsh can run bash's functions; its own system would say the same in other words.
std::string zsh_script(const CLI::App& app) {
    return "#compdef shadowcat\n# Completions of shadowcat for zsh, through its bash layer.\n"
           "autoload -U +X bashcompinit && bashcompinit\n" +
           bash_script(app);
}

std::string fish_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

void write_fish_options(const CLI::App& command, const std::string& condition, std::string& out) {
    const std::string start = "complete -c shadowcat -n " + fish_quoted(condition);
    for (const CLI::App* sub : subcommands(command)) {
        out += start + " -f -a " + sub->get_name() + " -d " + fish_quoted(sub->get_description()) +
               "\n";
    }
    for (const CLI::Option* option : command.get_options()) {
        const std::string values = joined(values_of(*option));
        const std::string meaning = " -d " + fish_quoted(option->get_description());
        const bool file = option->get_type_name() == "FILE";
        if (option->get_positional()) {
            out += start + (file ? " -F" : " -f -a " + fish_quoted(values)) + meaning + "\n";
            continue;
        }
        out += start + " -l " + flag_of(*option).substr(2) + meaning;
        if (takes_value(*option)) out += file ? " -r -F" : " -x";
        if (!values.empty()) out += " -a " + fish_quoted(values);
        out += "\n";
    }
}

std::string fish_script(const CLI::App& app) {
    std::string out = "# Completions of shadowcat for fish.\ncomplete -c shadowcat -f\n";
    write_fish_options(app, "__fish_use_subcommand", out);
    for (const CLI::App* sub : subcommands(app)) {
        const std::string seen = "__fish_seen_subcommand_from " + sub->get_name();
        write_fish_options(*sub, seen, out);
        for (const CLI::App* below : subcommands(*sub)) {
            write_fish_options(
                *below, seen + "; and __fish_seen_subcommand_from " + below->get_name(), out);
        }
    }
    return out;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::vector<PluginCommand>& added) {
    const CommandTree tree(added);
    if (shell == "bash") return bash_script(tree.app);
    if (shell == "zsh") return zsh_script(tree.app);
    if (shell == "fish") return fish_script(tree.app);
    return {};
}

}  // namespace shadowcat::core
