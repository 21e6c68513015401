// SPDX-License-Identifier: Apache-2.0
// For tests: a directory that goes away, and its files.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace shadowcat::tape {

class Scratch {
public:
    Scratch() {
        std::string name = std::filesystem::temp_directory_path() / "tape-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        directory = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }

    std::filesystem::path file(const std::string& name) const { return directory / name; }

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name), std::ios::binary) << text;
        return file(name);
    }

    static void append(const std::filesystem::path& path, const std::string& text) {
        std::ofstream(path, std::ios::binary | std::ios::app) << text;
    }

    static std::string text(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    }

    /// The files in the directory whose names end so, sorted.
    std::vector<std::filesystem::path> ending(const std::string& end) const {
        std::vector<std::filesystem::path> found;
        for (const auto& each : std::filesystem::directory_iterator(directory))
            if (each.path().filename().string().ends_with(end)) found.push_back(each.path());
        std::sort(found.begin(), found.end());
        return found;
    }

    std::filesystem::path directory;
};

}  // namespace shadowcat::tape
