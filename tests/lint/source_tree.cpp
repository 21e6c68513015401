// SPDX-License-Identifier: Apache-2.0
// Walks the folders once and knows languages by their file names.
#include "source_tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace shadowcat::lint {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 4> kCpp = {".cpp", ".hpp", ".h", ".hpp.in"};
constexpr std::array<std::string_view, 3> kJavaScript = {".js", ".mjs", ".cjs"};
constexpr std::array<std::string_view, 2> kHash = {".py", ".sh"};

template <class Endings>
bool ends_with_any(std::string_view file, const Endings& endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](auto ending) { return file.ends_with(ending); });
}

bool is_cmake(std::string_view file) {
    return file.ends_with(".cmake") || file.ends_with("CMakeLists.txt");
}

/// Scripts without an ending.
bool is_script(std::string_view file) {
    const auto name = file.substr(file.find_last_of('/') + 1);
    return (file.starts_with("scripts/") || file.starts_with(".ci/")) &&
           name.find('.') == std::string_view::npos;
}

bool is_foreign(const fs::path& folder) {
    const auto name = folder.filename().string();
    return name.starts_with("build") || name == "node_modules" || name == ".git" ||
           name == ".cache" || folder.generic_string().ends_with("tests/lint/fixtures");
}

}  // namespace

SourceTree::SourceTree(fs::path root, const std::vector<std::string>& folders)
    : root_(std::move(root)) {
    for (const auto& folder : folders)
        add(root_ / folder);
    std::sort(files_.begin(), files_.end());
}

void SourceTree::add(const fs::path& path) {
    if (fs::is_regular_file(path))
        files_.push_back(path.lexically_relative(root_).generic_string());
    if (!fs::is_directory(path)) return;
    for (auto entry = fs::recursive_directory_iterator(path);
         entry != fs::recursive_directory_iterator(); ++entry) {
        if (entry->is_directory() && is_foreign(entry->path())) entry.disable_recursion_pending();
        if (!entry->is_regular_file()) continue;
        files_.push_back(entry->path().lexically_relative(root_).generic_string());
    }
}

std::string SourceTree::read(const std::string& file) const {
    std::ifstream stream(root_ / file, std::ios::binary);
    if (!stream) throw std::runtime_error(file + ": cannot be read");
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_cpp(std::string_view file) { return ends_with_any(file, kCpp); }

bool is_source(std::string_view file) { return is_cmake(file) || !line_comment_of(file).empty(); }

std::string_view line_comment_of(std::string_view file) {
    if (is_cpp(file) || ends_with_any(file, kJavaScript)) return "//";
    if (ends_with_any(file, kHash) || is_script(file)) return "#";
    return "";
}

}  // namespace shadowcat::lint
