// SPDX-License-Identifier: Apache-2.0
// Standing: how a collector was last found, so that each change is one line in the log.
#pragma once

#include "verdict.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::otlp {

class Standing {
public:
    enum class State : std::uint8_t { taking, partial, refusing, away };

    /// `signal` (a literal) and `endpoint` are the fields of each line.
    Standing(std::string_view signal, std::string endpoint)
        : signal_(signal), endpoint_(std::move(endpoint)) {}

    /// Logs when `verdict` changes the state; says whether it does.
    bool note(const Verdict& verdict);

    State state() const noexcept { return state_; }

private:
    void log(const Verdict& verdict) const;

    std::string_view signal_;
    std::string endpoint_;
    State state_ = State::taking;
};

}  // namespace shadowcat::otlp
