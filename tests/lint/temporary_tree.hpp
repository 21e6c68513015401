// SPDX-License-Identifier: Apache-2.0
// A project of a few files that exists for the length of a test.
#pragma once

#include <filesystem>
#include <string>

namespace shadowcat::lint {

class TemporaryTree {
public:
    TemporaryTree();
    ~TemporaryTree();
    TemporaryTree(const TemporaryTree&) = delete;
    TemporaryTree& operator=(const TemporaryTree&) = delete;

    /// Makes the folders on the way; returns itself, so that a tree reads as a list.
    TemporaryTree& write(const std::string& file, const std::string& text);

    const std::filesystem::path& root() const noexcept { return root_; }

private:
    std::filesystem::path root_;
};

}  // namespace shadowcat::lint
