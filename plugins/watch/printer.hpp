// SPDX-License-Identifier: Apache-2.0
// Printer: the output of a proxy, in lines.
#pragma once

#include "entry.hpp"
#include "options.hpp"
#include "output.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::watch {

/// Used by one thread. Gathers lines and writes them at once; tells how many are missing as soon as
/// the output takes something again.
class Printer {
public:
    explicit Printer(const Options& options);

    /// An output that can't be opened is an error in the log; everything is then lost.
    void open();

    void add(const Entry& entry);

    /// Writes what was added. Gives how many lines were lost.
    std::size_t flush();

    const Filter filter;

private:
    Output output_;
    ColourChoice colour_;
    Look look_;
    std::string lines_;
    std::uint64_t untold_ = 0;  // lines that are missing, which nobody was told of yet
};

}  // namespace shadowcat::watch
