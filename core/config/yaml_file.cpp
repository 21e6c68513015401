// SPDX-License-Identifier: Apache-2.0
// Reads a configuration file's bytes, no more of them than allowed.
#include "core/config/yaml_reader.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace shadowcat::core {

namespace {

/// Appends the file to `text`, at most `limit` + 1 bytes; gives an errno value, 0 for success.
/// Reads pipes too, so that `--config <(…)` works.
int read_bytes(const std::filesystem::path& path, std::size_t limit, std::string& text) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return errno;
    if (S_ISDIR(status.st_mode)) return EISDIR;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               std::fclose);
    if (!file) return errno;
    std::array<char, 16384> block{};
    while (text.size() <= limit) {
        const std::size_t got = std::fread(block.data(), 1, block.size(), file.get());
        if (got == 0) break;
        text.append(block.data(), got);
    }
    return std::ferror(file.get()) != 0 ? EIO : 0;
}

}  // namespace

LocatedJson read_yaml_file(const std::filesystem::path& file, Diagnostics& diagnostics,
                           const YamlLimits& limits) {
    std::string text;
    if (const int failed = read_bytes(file, limits.max_bytes, text); failed != 0) {
        diagnostics.emplace_back(Origin::file(file.string()), "",
                                 std::string("can't be read: ") + std::strerror(failed));
        text.clear();
    }
    return read_yaml(text, file.string(), diagnostics, limits);
}

}  // namespace shadowcat::core
