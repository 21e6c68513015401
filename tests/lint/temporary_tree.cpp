// SPDX-License-Identifier: Apache-2.0
// Makes and removes the folder.
#include "temporary_tree.hpp"

#include <stdlib.h>

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace shadowcat::lint {

TemporaryTree::TemporaryTree() {
    auto pattern = (std::filesystem::temp_directory_path() / "shadowcat-lint-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
    root_ = pattern;
}

TemporaryTree::~TemporaryTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
}

TemporaryTree& TemporaryTree::write(const std::string& file, const std::string& text) {
    const auto path = root_ / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw std::runtime_error("cannot write " + path.string());
    return *this;
}

}  // namespace shadowcat::lint
