// SPDX-License-Identifier: Apache-2.0
// For tests: a directory that goes away, and what its files hold.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace shadowcat::watch {

class Scratch {
public:
    Scratch() {
        std::string name = std::filesystem::temp_directory_path() / "watch-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        directory_ = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    std::string path() const { return directory_ / "watch.log"; }

    static std::string text(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }

private:
    std::filesystem::path directory_;
};

}  // namespace shadowcat::watch
