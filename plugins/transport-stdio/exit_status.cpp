// SPDX-License-Identifier: Apache-2.0
// Reading and wording exit statuses.
#include "exit_status.hpp"

namespace shadowcat::transport_stdio {

ExitStatus::ExitStatus(const siginfo_t& info)
    : kind_(info.si_code == CLD_EXITED ? Kind::code : Kind::signal), value_(info.si_status) {}

std::string ExitStatus::text() const {
    switch (kind_) {
        case Kind::code:
            return "exited with code " + std::to_string(value_);
        case Kind::signal:
            return "killed by signal " + std::to_string(value_);
        default:
            return "exited";
    }
}

}  // namespace shadowcat::transport_stdio
