// SPDX-License-Identifier: Apache-2.0
// Output: stderr, a file or a terminal that lines go to.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::watch {

/// Used by one thread. Never waits long: what nobody takes is lost, and its lines are counted.
class Output {
public:
    /// What the configuration says for "on this process's stderr".
    static constexpr std::string_view kStderr = "stderr";

    explicit Output(std::string path) : path_(std::move(path)) {}
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    /// Opens the path, a new file with mode 0600. Fails with `config`, naming it.
    sdk::Result<void> open();

    /// Appends whole lines. Gives how many were lost.
    std::size_t write(std::string_view lines);

    bool is_terminal() const noexcept { return terminal_; }

    /// The terminal's columns; 0 for what is no terminal.
    std::size_t width() const noexcept;

private:
    bool ready() const noexcept;
    bool write_whole(std::string_view piece);

    std::string path_;
    int descriptor_ = -1;
    bool regular_ = false;
    bool terminal_ = false;
};

/// The columns of the terminal `descriptor`; 0 when it is none.
std::size_t terminal_width(int descriptor) noexcept;

}  // namespace shadowcat::watch
