// SPDX-License-Identifier: Apache-2.0
// Resolves includes and linked targets to the parts that own them and asks the rule.
#include "dependency_check.hpp"

#include "cmake_commands.hpp"
#include "parts.hpp"
#include "tokens.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::lint {
namespace {

using Paths = std::vector<std::string>;

std::string folder_of(const std::string& file) {
    return std::filesystem::path(file).parent_path().generic_string();
}

std::string normal(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().generic_string();
}

std::string name_of(const std::string& part) { return part.empty() ? "the root" : part; }

/// Which files of the tree an include may mean: the one beside the includer, else all of that name.
class IncludeResolver {
public:
    explicit IncludeResolver(const SourceTree& tree)
        : files_(tree.files().begin(), tree.files().end()) {
        for (const auto& file : files_) {
            by_name_[std::filesystem::path(file).filename().string()].push_back(file);
        }
    }

    Paths resolve(const std::string& from, const std::string& path) const {
        const auto beside = normal(folder_of(from) + "/" + path);
        if (files_.contains(beside)) return {beside};
        const auto named = by_name_.find(std::filesystem::path(path).filename().string());
        if (named == by_name_.end()) return {};
        const auto ending = "/" + path.substr(std::min(path.find_first_not_of("./"), path.size()));
        Paths result;
        for (const auto& file : named->second) {
            if (("/" + file).ends_with(ending)) result.push_back(file);
        }
        return result;
    }

private:
    std::set<std::string> files_;
    std::map<std::string, Paths> by_name_;
};

void check_includes(const SourceTree& tree, Findings& findings) {
    const IncludeResolver resolver(tree);
    for (const auto& file : tree.files()) {
        if (!is_cpp(file)) continue;
        const auto source = tree.read(file);
        for (const auto& include : tokenize(source).includes) {
            const auto targets = resolver.resolve(file, std::string(include.path));
            const auto allowed = [&](const auto& target) { return may_include(file, target); };
            if (targets.empty() || std::any_of(targets.begin(), targets.end(), allowed)) continue;
            findings.push_back({file, include.line,
                                name_of(part_of(file)) + " may not include " + targets.front()});
        }
    }
}

bool is_cmake_list(const std::string& file) { return file.ends_with("CMakeLists.txt"); }

bool defines_target(const std::string& command) {
    return command == "add_library" || command == "add_executable" ||
           command == "shadowcat_builtin_plugin" || command == "shadowcat_add_plugin";
}

bool links(const std::string& command) {
    return defines_target(command) || command == "target_link_libraries" ||
           command == "target_include_directories" || command == "target_sources" ||
           command == "shadowcat_test";
}

using Owners = std::map<std::string, std::string>;

Owners owners_of_targets(const SourceTree& tree) {
    Owners owners;
    for (const auto& file : tree.files()) {
        if (!is_cmake_list(file)) continue;
        for (const auto& command : cmake_commands(tree.read(file))) {
            if (!defines_target(command.name) || command.arguments.empty()) continue;
            const auto& target = command.arguments.front().text;
            owners.emplace(target, part_of(file));
            if (command.name == "shadowcat_builtin_plugin") {
                owners.emplace(target + "-objects", part_of(file));
            }
        }
    }
    return owners;
}

/// The path from the root that an argument names; "" if it is none.
std::string path_in_tree(const std::string& file, std::string argument) {
    if (argument.find('/') == std::string::npos) return "";
    for (const std::string root : {"${PROJECT_SOURCE_DIR}/", "${CMAKE_SOURCE_DIR}/"}) {
        if (argument.starts_with(root)) return normal(argument.substr(root.size()));
    }
    const std::string here = "${CMAKE_CURRENT_SOURCE_DIR}/";
    if (argument.starts_with(here)) argument = argument.substr(here.size());
    return argument.starts_with("$") ? "" : normal(folder_of(file) + "/" + argument);
}

std::string part_meant(const std::string& file, const std::string& argument, const Owners& owners) {
    const auto owner = owners.find(argument);
    if (owner != owners.end()) return owner->second;
    const auto path = path_in_tree(file, argument);
    const bool is_root = path.empty() || path == "." || path == "./";
    const bool is_shared = is_root || (path + "/").starts_with("tests/support/");
    return is_shared ? part_of(file) : part_of(path + "/");
}

void check_links(const SourceTree& tree, Findings& findings) {
    const auto owners = owners_of_targets(tree);
    for (const auto& file : tree.files()) {
        if (!is_cmake_list(file)) continue;
        for (const auto& command : cmake_commands(tree.read(file))) {
            if (!links(command.name)) continue;
            for (std::size_t i = 1; i < command.arguments.size(); ++i) {
                const auto& argument = command.arguments[i];
                const auto part = part_meant(file, argument.text, owners);
                if (may_link(part_of(file), part)) continue;
                findings.push_back({file, argument.line,
                                    name_of(part_of(file)) + " may not use " + argument.text +
                                        ", which belongs to " + name_of(part)});
            }
        }
    }
}

}  // namespace

Findings check_dependencies(const SourceTree& tree) {
    Findings findings;
    check_includes(tree, findings);
    check_links(tree, findings);
    return findings;
}

}  // namespace shadowcat::lint
