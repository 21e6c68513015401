// SPDX-License-Identifier: Apache-2.0
// OutputFile: a file that only its owner can read, as a stream.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <array>
#include <filesystem>
#include <memory>
#include <ostream>
#include <streambuf>

namespace shadowcat::tape {

/// Buffers, remembers the first failure. Not thread-safe.
class OutputFile : private std::streambuf {
public:
    /// Creates the file (mode 0600). One that exists is an error of code `config`, or replaced with
    /// `overwrite`. Symbolic links are not followed.
    static sdk::Result<std::unique_ptr<OutputFile>> create(const std::filesystem::path& file,
                                                           bool overwrite);

    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile() override;

    std::ostream& stream() noexcept { return stream_; }

    /// Writes what is buffered. Fails with `internal` when something could not be written; the file
    /// is removed then.
    sdk::Result<void> finish();

private:
    OutputFile(std::filesystem::path file, int descriptor);
    int_type overflow(int_type c) override;
    int sync() override;
    bool write_all(const char* data, std::size_t size);

    std::filesystem::path file_;
    int descriptor_;
    int error_ = 0;
    std::array<char, 65536> buffer_;
    std::ostream stream_;
};

}  // namespace shadowcat::tape
