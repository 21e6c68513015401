// SPDX-License-Identifier: Apache-2.0
// Metadata as JSON, and as a file.
#include "format/tape_meta.hpp"

#include "format/names.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::string_view, 3> kStatusNames = {"recording", "finalized", "error"};
constexpr std::size_t kMaxMetaBytes = 1024 * 1024;

sdk::Error io_error(sdk::ErrorCode code, const std::filesystem::path& file, int error) {
    return sdk::Error(
        code, "metadata \"" + file.string() + "\": " + std::generic_category().message(error));
}

/// A descriptor that closes itself.
class MetaDescriptor {
public:
    explicit MetaDescriptor(int descriptor) : descriptor_(descriptor) {}
    MetaDescriptor(const MetaDescriptor&) = delete;
    MetaDescriptor& operator=(const MetaDescriptor&) = delete;
    ~MetaDescriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

sdk::Result<std::string> read_text(const std::filesystem::path& file) {
    const MetaDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (in.get() < 0) return io_error(sdk::ErrorCode::unreachable, file, errno);
    std::string text(kMaxMetaBytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(in.get(), text.data() + size, text.size() - size);
        if (count < 0) return io_error(sdk::ErrorCode::unreachable, file, errno);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    text.resize(size);
    return text;
}

int write_text(const std::filesystem::path& file, std::string_view text) {
    ::unlink(file.c_str());
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const MetaDescriptor out(::open(file.c_str(), flags, 0600));
    if (out.get() < 0) return errno;
    while (!text.empty()) {
        const ssize_t count = ::write(out.get(), text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count < 0 ? errno : EIO;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

template <class T>
T member_or(const sdk::Json& json, const char* key, T otherwise) {
    const auto found = json.find(key);
    return found == json.end() || found->is_null() ? otherwise : found->template get<T>();
}

TapeStats stats_of(const sdk::Json& json) {
    TapeStats stats;
    stats.frames = member_or(json, "frames", stats.frames);
    stats.bytes = member_or(json, "bytes", stats.bytes);
    stats.duration_ms = member_or(json, "duration_ms", stats.duration_ms);
    stats.dropped = member_or(json, "dropped", stats.dropped);
    stats.client_to_server = member_or(json, "client_to_server", stats.client_to_server);
    stats.server_to_client = member_or(json, "server_to_client", stats.server_to_client);
    stats.errors = member_or(json, "errors", stats.errors);
    stats.correlations = member_or(json, "correlations", stats.correlations);
    stats.events = member_or(json, "events", stats.events);
    return stats;
}

TapeMeta::Status status_of(const std::string& name) {
    for (std::size_t index = 0; index < kStatusNames.size(); ++index)
        if (kStatusNames[index] == name) return static_cast<TapeMeta::Status>(index);
    throw std::invalid_argument("status \"" + name + "\"");
}

TapeMeta meta_of(const sdk::Json& json) {
    const std::string none;
    TapeMeta meta;
    meta.tape_id = json.at("tape_id").get<std::string>();
    meta.name = member_or(json, "name", none);
    meta.created_at = json.at("created_at").get<std::string>();
    meta.updated_at = member_or(json, "updated_at", none);
    meta.finalized_at = member_or(json, "finalized_at", none);
    meta.status = status_of(json.at("status").get<std::string>());
    meta.session = member_or(json, "session", none);
    meta.era = era_named(member_or(json, "era", none)).value_or(sdk::Era::session);
    meta.revision = member_or(json, "revision", none);
    meta.upstream = member_or(json, "upstream", none);
    meta.target = member_or(json, "target", none);
    meta.client = member_or(json, "client", none);
    meta.error = member_or(json, "error", none);
    meta.redacted = member_or(json, "redacted", true);
    meta.parts = member_or(json, "parts", meta.parts);
    meta.stats = stats_of(member_or(json, "stats", sdk::Json::object()));
    meta.shadowcat_version = member_or(json, "shadowcat_version", none);
    return meta;
}

sdk::Json text_or_null(const std::string& text) {
    return text.empty() ? sdk::Json(nullptr) : sdk::Json(text);
}

}  // namespace

std::filesystem::path meta_file(const std::filesystem::path& tape) {
    std::filesystem::path file = tape;
    return file.replace_extension(".meta.json");
}

sdk::Json to_json(const TapeStats& stats) {
    return sdk::Json{{"frames", stats.frames},
                     {"bytes", stats.bytes},
                     {"duration_ms", stats.duration_ms},
                     {"dropped", stats.dropped},
                     {"client_to_server", stats.client_to_server},
                     {"server_to_client", stats.server_to_client},
                     {"errors", stats.errors},
                     {"correlations", stats.correlations},
                     {"events", stats.events}};
}

sdk::Json to_json(const TapeMeta& meta) {
    return sdk::Json{{"tape_id", meta.tape_id},
                     {"name", meta.name},
                     {"created_at", meta.created_at},
                     {"updated_at", meta.updated_at},
                     {"finalized_at", text_or_null(meta.finalized_at)},
                     {"status", kStatusNames[static_cast<std::size_t>(meta.status)]},
                     {"session", meta.session},
                     {"era", name_of(meta.era)},
                     {"revision", meta.revision},
                     {"upstream", meta.upstream},
                     {"target", meta.target},
                     {"client", meta.client},
                     {"error", text_or_null(meta.error)},
                     {"redacted", meta.redacted},
                     {"parts", meta.parts},
                     {"stats", to_json(meta.stats)},
                     {"shadowcat_version", meta.shadowcat_version}};
}

sdk::Result<TapeMeta> read_meta(const std::filesystem::path& tape) {
    const std::filesystem::path file = meta_file(tape);
    const auto text = read_text(file);
    if (text.has_error()) return text.error();
    const sdk::Json json = sdk::Json::parse(*text, nullptr, false);
    try {
        return meta_of(json);
    } catch (const std::exception&) {
        return sdk::Error(sdk::ErrorCode::protocol,
                          "metadata \"" + file.string() + "\" is damaged");
    }
}

sdk::Result<void> write_meta(const std::filesystem::path& tape, const TapeMeta& meta) {
    const std::filesystem::path file = meta_file(tape);
    const std::filesystem::path fresh = file.string() + ".new";
    const auto replace = sdk::Json::error_handler_t::replace;
    int error = write_text(fresh, to_json(meta).dump(2, ' ', false, replace) + "\n");
    if (error == 0 && std::rename(fresh.c_str(), file.c_str()) != 0) error = errno;
    if (error == 0) return {};
    ::unlink(fresh.c_str());
    return io_error(sdk::ErrorCode::internal, file, error);
}

}  // namespace shadowcat::tape
