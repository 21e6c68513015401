// SPDX-License-Identifier: Apache-2.0
// Command-line options of the benchmark's programs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// One sentence for stderr; the program ends with 2.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `--name VALUE`, `--name=VALUE`, flags, and what stands behind `--`. Unknown options are
/// refused, and so is one given twice that may be given only once.
class Options {
public:
    enum class Kind { kValue, kFlag, kRepeated };
    struct Known {
        std::string_view name;
        Kind kind = Kind::kValue;
    };

    Options(int argc, char** argv, std::initializer_list<Known> known);

    bool has(std::string_view name) const;
    std::string text(std::string_view name) const;  ///< Required.
    std::string text(std::string_view name, std::string_view otherwise) const;
    std::uint64_t count(std::string_view name) const;  ///< Required.
    std::uint64_t count(std::string_view name, std::uint64_t otherwise) const;
    double number(std::string_view name) const;  ///< Required, not negative.
    double number(std::string_view name, double otherwise) const;
    const std::vector<std::string>& all(std::string_view name) const;
    /// Behind `--`; ends with a null pointer when there is anything.
    const std::vector<char*>& command() const { return command_; }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
    std::vector<char*> command_;
};

/// Whether `--help` stands before any `--`.
bool asks_for_help(int argc, char** argv);

}  // namespace bench
