// SPDX-License-Identifier: Apache-2.0
// How long a test waits before it gives up, and how it waits for what has no descriptor.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace integration {

using Clock = std::chrono::steady_clock;

/// Far more than anything takes, also on a busy machine and under a sanitizer.
inline constexpr std::chrono::seconds kPatience(20);

/// A wait that ended without what it waited for. doctest reports it as the case's failure.
class Impatient : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Waits until `fd` has something to read or its end; throws `Impatient` that says `what`.
void wait_readable(int fd, Clock::time_point deadline, const std::string& what);

/// True as soon as `condition` is; false if it isn't within `patience`.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds patience = kPatience);

}  // namespace integration
