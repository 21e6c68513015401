// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. Nothing throws across a plugin boundary except `create`.
#pragma once

#include "shadowcat/sdk/error.hpp"

#include <boost/system/result.hpp>

#include <stdexcept>

namespace shadowcat::sdk::inline v1 {

/// Holds a `T` or an `Error`. `value()` on an error throws `std::runtime_error` with its message:
/// check first, or use it only where failure is a bug.
template <class T = void>
using Result = boost::system::result<T, Error>;

[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
    throw std::runtime_error(error.message());
}

}  // namespace shadowcat::sdk::inline v1
