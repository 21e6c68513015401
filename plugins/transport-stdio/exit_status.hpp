// SPDX-License-Identifier: Apache-2.0
// ExitStatus: how a process ended, in the words of our errors and logs.
#pragma once

#include <csignal>
#include <cstdint>
#include <string>

namespace shadowcat::transport_stdio {

class ExitStatus {
public:
    enum class Kind : std::uint8_t { unknown, code, signal };

    ExitStatus() = default;
    ExitStatus(Kind kind, int value) : kind_(kind), value_(value) {}

    /// From what waitid filled in.
    explicit ExitStatus(const siginfo_t& info);

    Kind kind() const noexcept { return kind_; }
    int value() const noexcept { return value_; }
    bool success() const noexcept { return kind_ == Kind::code && value_ == 0; }

    /// "exited with code 3", "killed by signal 9".
    std::string text() const;

private:
    Kind kind_ = Kind::unknown;
    int value_ = 0;
};

}  // namespace shadowcat::transport_stdio
