// SPDX-License-Identifier: Apache-2.0
// For tests: a directory that goes away, and what its files hold.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace shadowcat::access_log {

class Scratch {
public:
    Scratch() {
        std::string name = std::filesystem::temp_directory_path() / "access-log-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        directory = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }

    std::string path(const std::string& name = "access.log") const { return directory / name; }

    static std::string text(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }

    static std::vector<std::string> lines(const std::string& path) {
        std::istringstream all(text(path));
        std::vector<std::string> out;
        for (std::string line; std::getline(all, line);)
            out.push_back(line);
        return out;
    }

    std::filesystem::path directory;
};

/// A disk that is full: while it lives, no file of this process may grow beyond `bytes`; the write
/// that hits the limit is cut short, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

}  // namespace shadowcat::access_log
