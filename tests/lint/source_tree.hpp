// SPDX-License-Identifier: Apache-2.0
// The project's own files, by their path from its root.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::lint {

/// What is looked at is listed once; a file that appears later is not seen.
class SourceTree {
public:
    /// Lists `folders` (and plain files) below `root`, without builds, packages of others and this
    /// lint's own fixtures. Throws std::filesystem::filesystem_error if a part cannot be read; a
    /// folder that does not exist is empty.
    SourceTree(std::filesystem::path root, const std::vector<std::string>& folders);

    /// Sorted, with `/` as separator.
    const std::vector<std::string>& files() const noexcept { return files_; }

    /// Throws std::runtime_error if the file cannot be read.
    std::string read(const std::string& file) const;

private:
    void add(const std::filesystem::path& path);

    std::filesystem::path root_;
    std::vector<std::string> files_;
};

/// C++ sources and headers.
bool is_cpp(std::string_view file);

/// Whatever people write programs in: C++, CMake, JavaScript, Python, shell.
bool is_source(std::string_view file);

/// In the style of the language; "" for a kind of file that carries no licence line.
std::string_view line_comment_of(std::string_view file);

}  // namespace shadowcat::lint
