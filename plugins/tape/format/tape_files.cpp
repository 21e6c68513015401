// SPDX-License-Identifier: Apache-2.0
// Finds tapes in directories.
#include "format/tape_files.hpp"

#include "format/line_parser.hpp"
#include "format/line_source.hpp"
#include "format/part_name.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <system_error>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxInit = 64 * 1024;
constexpr std::size_t kShown = 3;

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

sdk::Error not_found(const std::string& text) { return sdk::Error(sdk::ErrorCode::config, text); }

/// What may be (the beginning of) a tape's id or name: nothing that leads elsewhere.
bool is_name(std::string_view text) {
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '_' || c == '.';
    });
}

bool is_regular(const fs::path& file) {
    std::error_code failed;
    return fs::symlink_status(file, failed).type() == fs::file_type::regular && !failed;
}

std::optional<TapeInit> init_of(const fs::path& file) {
    auto source = LineSource::open(file, kMaxInit);
    if (source.has_error()) return std::nullopt;
    std::string_view text;
    if (source->next(text) != LineSource::Found::line) return std::nullopt;
    TapeInit init;
    LineParser parser;
    if (parser.parse_init(text, init)) return std::nullopt;
    return init;
}

class TapeFile {
public:
    TapeFile(fs::path file, fs::file_time_type time) : path(std::move(file)), written(time) {}
    fs::path path;
    fs::file_time_type written;
};

std::string list_of(const std::vector<fs::path>& files) {
    std::string text;
    for (std::size_t i = 0; i < std::min(files.size(), kShown); ++i)
        text += (i == 0 ? "" : ", ") + files[i].stem().string();
    return files.size() > kShown ? text + ", …" : text;
}

bool is_meant(const fs::path& tape, const std::string& wanted) {
    if (tape.stem().string().starts_with(wanted)) return true;
    const auto init = init_of(tape);
    return init && init->tape_id.starts_with(wanted);
}

sdk::Result<fs::path> find_by_name(const std::string& wanted, const fs::path& directory) {
    std::vector<fs::path> found;
    for (const fs::path& tape : tapes_in(directory)) {
        if (tape.stem() == wanted || tape.filename() == wanted) return tape;
        if (is_meant(tape, wanted)) found.push_back(tape);
    }
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        return not_found("no tape \"" + wanted + "\" in \"" + directory.string() + "\"");
    }
    return not_found("\"" + wanted + "\" means several tapes: " + list_of(found));
}

}  // namespace

fs::path default_tape_directory() {
    if (const std::string own = variable("SHADOWCAT_TAPES"); !own.empty()) return own;
    const std::string state = variable("XDG_STATE_HOME");
    if (state.starts_with('/')) return fs::path(state) / "shadowcat/tapes";
    const std::string home = variable("HOME");
    return fs::path(home.empty() ? "." : home) / ".local/state/shadowcat/tapes";
}

sdk::Result<fs::path> find_tape(const std::string& wanted, const fs::path& directory) {
    std::error_code failed;
    const bool is_path = wanted.find('/') != std::string::npos || wanted.ends_with(".jsonl");
    if (is_path && fs::is_regular_file(wanted, failed)) return fs::path(wanted);
    if (!is_name(wanted)) return not_found("no tape \"" + wanted + "\"");
    return find_by_name(wanted, directory);
}

std::vector<fs::path> tapes_in(const fs::path& directory) {
    std::vector<TapeFile> found;
    std::error_code failed;
    for (fs::directory_iterator each(directory, failed), end; !failed && each != end;
         each.increment(failed)) {
        const fs::path& file = each->path();
        const bool first_part = PartName(file).number == 1;
        if (file.extension() != ".jsonl" || !first_part || !is_regular(file)) continue;
        if (!init_of(file)) continue;
        std::error_code unknown;
        found.emplace_back(file, fs::last_write_time(file, unknown));
    }
    std::ranges::sort(found, [](const TapeFile& a, const TapeFile& b) {
        return a.written != b.written ? a.written > b.written : a.path > b.path;
    });
    std::vector<fs::path> paths;
    for (TapeFile& file : found)
        paths.push_back(std::move(file.path));
    return paths;
}

}  // namespace shadowcat::tape
