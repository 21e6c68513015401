// SPDX-License-Identifier: Apache-2.0
// One pass for the index; messages are read again from where they stand.
#include "replay/recording_file.hpp"

#include "format/line_parser.hpp"
#include "format/part_name.hpp"
#include "format/tape_reader.hpp"
#include "replay/index_builder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <mutex>
#include <system_error>
#include <vector>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

// A place is a part and an offset in its file.
constexpr unsigned kOffsetBits = 48;
constexpr Place kOffsetMask = (Place{1} << kOffsetBits) - 1;
constexpr std::size_t kFirstRead = 16 * 1024;
constexpr std::size_t kLongestLine = 64 * 1024 * 1024;
constexpr std::uint64_t kLinesPerReport = 10'000;

sdk::Error tape_changed() {
    return sdk::upstream_error(sdk::ErrorCode::protocol,
                               "the tape has changed since it was opened");
}

/// The files of one tape, open for as long as it is replayed.
class TapeFileStore final : public MessageStore {
public:
    TapeFileStore() = default;
    TapeFileStore(const TapeFileStore&) = delete;
    TapeFileStore& operator=(const TapeFileStore&) = delete;
    ~TapeFileStore() override {
        for (const int descriptor : parts_)
            ::close(descriptor);
    }

    sdk::Result<void> add(const fs::path& file) {
        const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor < 0) {
            return sdk::Error(
                sdk::ErrorCode::unreachable,
                "tape \"" + file.string() + "\": " + std::generic_category().message(errno));
        }
        parts_.push_back(descriptor);
        return {};
    }

    std::size_t parts() const noexcept { return parts_.size(); }

    sdk::Result<std::string> text(Place place) const override {
        std::string line;
        if (!read_line(parts_.at(place >> kOffsetBits), place & kOffsetMask, line))
            return tape_changed();
        const std::size_t size = line.size();
        line.resize(size + LineParser::kPadding);
        TapeLine parsed;
        const std::lock_guard lock(mutex_);
        if (parser_.parse(std::string_view(line).substr(0, size), parsed)) return tape_changed();
        return std::move(parsed.message);
    }

private:
    /// Without its line feed. False when there is no whole line.
    static bool read_line(int descriptor, std::uint64_t offset, std::string& line) {
        std::size_t wanted = kFirstRead;
        while (line.size() < kLongestLine) {
            const std::size_t had = line.size();
            line.resize(had + wanted);
            const ssize_t got =
                ::pread(descriptor, line.data() + had, wanted, static_cast<off_t>(offset + had));
            if (got < 0 && errno == EINTR) {
                line.resize(had);
                continue;
            }
            line.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            const std::size_t end = line.find('\n', had);
            if (end != std::string::npos) {
                line.resize(end);
                return true;
            }
            if (got <= 0) return false;
            wanted *= 2;
        }
        return false;
    }

    std::vector<int> parts_;
    mutable std::mutex mutex_;
    mutable LineParser parser_;
};

/// Follows the reader from file to file: an offset that goes back is one of the next part.
class PlaceFinder {
public:
    PlaceFinder(TapeFileStore& store, const fs::path& file) : store_(store), name_(file) {}

    sdk::Result<Place> of(const TapeLine& line) {
        if (store_.parts() == 0 || line.offset < last_) {
            const sdk::Result<void> opened = store_.add(name_.file(name_.number + store_.parts()));
            if (opened.has_error()) return opened.error();
        }
        last_ = line.offset;
        return (Place{store_.parts() - 1} << kOffsetBits) | line.offset;
    }

private:
    TapeFileStore& store_;
    PartName name_;
    std::uint64_t last_ = 0;
};

/// What a file was like when it was read.
std::string stamp_of(const fs::path& file) {
    std::error_code unknown;
    const auto size = fs::file_size(file, unknown);
    const auto time = fs::last_write_time(file, unknown).time_since_epoch().count();
    return fs::weakly_canonical(file, unknown).string() + '\0' + std::to_string(size) + ' ' +
           std::to_string(time);
}

class RecordingShelf {
public:
    static RecordingShelf& instance() {
        static auto* const shelf = new RecordingShelf();  // lives as long as any thread
        return *shelf;
    }

    std::mutex mutex;
    std::map<std::string, std::weak_ptr<const Recording>> known;
};

}  // namespace

sdk::Result<std::shared_ptr<const Recording>> read_recording(const fs::path& file,
                                                             const ReadProgress& progress) {
    sdk::Result<TapeReader> reader = TapeReader::open(file);
    if (reader.has_error()) return reader.error();
    auto store = std::make_unique<TapeFileStore>();
    PlaceFinder places(*store, file);
    IndexBuilder builder;
    std::uint64_t lines = 0;
    while (const std::optional<TapeLine> line = reader->next()) {
        const sdk::Result<Place> place = places.of(*line);
        if (place.has_error()) return place.error();
        builder.add(*line, *place);
        if (progress && ++lines % kLinesPerReport == 0)
            progress(reader->bytes_read(), reader->bytes_total());
    }
    if (progress) progress(reader->bytes_total(), reader->bytes_total());
    ExchangeIndex index = std::move(builder).finish();
    if (index.size() == 0) {
        return sdk::upstream_error(sdk::ErrorCode::protocol,
                                   "tape \"" + file.string() + "\" has no request of a client");
    }
    return std::make_shared<const Recording>(reader->init(), std::move(index), std::move(store));
}

sdk::Result<std::shared_ptr<const Recording>> shared_recording(const fs::path& file,
                                                               const ReadProgress& progress) {
    RecordingShelf& shelf = RecordingShelf::instance();
    const std::string stamp = stamp_of(file);
    const std::lock_guard lock(shelf.mutex);  // of several who want it, one reads
    std::erase_if(shelf.known, [](const auto& each) { return each.second.expired(); });
    const auto found = shelf.known.find(stamp);
    if (found != shelf.known.end())
        if (std::shared_ptr<const Recording> known = found->second.lock()) return known;
    sdk::Result<std::shared_ptr<const Recording>> read = read_recording(file, progress);
    if (read.has_value()) shelf.known[stamp] = *read;
    return read;
}

sdk::Result<void> refuse_redacted(const Recording& recording, const std::string& name) {
    const std::uint64_t count = recording.index.redacted_messages();
    if (count == 0) return {};
    return sdk::Error(sdk::ErrorCode::config,
                      "tape \"" + name + "\": parts of " + std::to_string(count) +
                          (count == 1 ? " message were" : " messages were") +
                          " redacted when it was recorded, and clients would get placeholders "
                          "instead; allow it with --allow-redacted (allow_redacted: true)");
}

}  // namespace shadowcat::tape
