// SPDX-License-Identifier: Apache-2.0
// Where a configuration value comes from, and what is wrong with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

/// The place a value was written in.
class Origin {
public:
    /// In the order in which errors are shown.
    enum class Kind : std::uint8_t { file, environment, command_line, none };

    Origin() = default;

    /// `at_line` and `at_column` count from 1; 0 for the file as a whole.
    static Origin file(std::string file_name, int at_line = 0, int at_column = 0) {
        return Origin(Kind::file, std::move(file_name), at_line, at_column);
    }
    static Origin environment(std::string variable) {
        return Origin(Kind::environment, std::move(variable), 0, 0);
    }
    static Origin command_line(std::string option) {
        return Origin(Kind::command_line, std::move(option), 0, 0);
    }

    /// `shadowcat.yaml:3:5`, `env SHADOWCAT_LOGGING__LEVEL`, `--bind`; empty for defaults.
    std::string text() const;

    Kind kind = Kind::none;
    std::string name;
    int line = 0;
    int column = 0;

private:
    Origin(Kind of, std::string source, int at_line, int at_column)
        : kind(of), name(std::move(source)), line(at_line), column(at_column) {}
};

/// `text` on one line: control characters as `\n` or `\x1b`, so that what a file or an argument
/// says can't forge lines or reach the terminal.
std::string printable(std::string_view text);

/// One thing wrong with the configuration.
class Diagnostic {
public:
    Diagnostic(Origin where, std::string key_path, std::string what)
        : origin(std::move(where)), path(std::move(key_path)), message(std::move(what)) {}

    /// One line: `shadowcat.yaml:3:5: reverse_proxy.path: …`; `--bind: …`.
    std::string text() const;

    Origin origin;
    std::string path;
    std::string message;
};

using Diagnostics = std::vector<Diagnostic>;

/// By place: the file from top to bottom, then environment, then command line.
void sort_by_origin(Diagnostics& diagnostics);

}  // namespace shadowcat::core
