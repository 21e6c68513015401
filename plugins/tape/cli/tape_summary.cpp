// SPDX-License-Identifier: Apache-2.0
// Asks the metadata, else the tape.
#include "cli/tape_summary.hpp"

#include "cli/event_text.hpp"
#include "format/part_name.hpp"
#include "format/tape_meta.hpp"
#include "format/tape_reader.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxParts = 100'000;

std::string summary_status(const TapeMeta& meta) {
    switch (meta.status) {
        case TapeMeta::Status::recording:
            return "recording";
        case TapeMeta::Status::finalized:
            return "finalized";
        case TapeMeta::Status::error:
            break;
    }
    return meta.error.empty() ? "error" : "error: " + meta.error;
}

TapeSummary summary_of(const TapeMeta& meta) {
    TapeSummary out;
    out.tape_id = meta.tape_id;
    out.created_at = meta.created_at;
    out.session = meta.session;
    out.upstream = meta.upstream;
    out.revision = meta.revision;
    out.status = summary_status(meta);
    out.frames = meta.stats.frames;
    out.bytes = meta.stats.bytes;
    out.duration_ms = meta.stats.duration_ms;
    out.parts = meta.parts;
    out.dropped = meta.stats.dropped;
    return out;
}

TapeSummary summary_of(const TapeInit& init) {
    TapeSummary out;
    out.tape_id = init.tape_id;
    out.created_at = init.created_at;
    out.session = init.session;
    out.upstream = init.upstream;
    out.revision = init.revision;
    // Without metadata nobody tells whether someone still writes.
    out.status = "without end";
    return out;
}

void count_line(TapeSummary& summary, const TapeLine& line) {
    summary.duration_ms = std::max(summary.duration_ms, line.ts_ms);
    if (line.kind == TapeLine::Kind::frame) {
        ++summary.frames;
        if (!line.revision.empty()) summary.revision = line.revision;
    }
    if (line.kind == TapeLine::Kind::gap) summary.dropped += number_member(line.fields, "dropped");
    if (line.kind == TapeLine::Kind::end) summary.status = "finalized";
}

sdk::Result<TapeSummary> read_summary(const fs::path& tape) {
    auto reader = TapeReader::open(tape);
    if (!reader) return reader.error();
    TapeSummary out = summary_of(reader->init());
    while (const auto line = reader->next())
        count_line(out, *line);
    out.bytes = reader->bytes_total();
    return out;
}

std::vector<fs::path> parts_of(const fs::path& tape) {
    const PartName name(tape);
    std::vector<fs::path> out;
    std::error_code failed;
    for (std::uint64_t part = 1; part < kMaxParts; ++part) {
        const fs::path file = name.file(part);
        if (fs::symlink_status(file, failed).type() == fs::file_type::not_found) {
            if (part > 1) break;
            continue;
        }
        out.push_back(file);
    }
    return out;
}

}  // namespace

sdk::Result<TapeSummary> summarise(const fs::path& tape) {
    const auto meta = read_meta(tape);
    auto summary = meta ? sdk::Result<TapeSummary>(summary_of(*meta)) : read_summary(tape);
    if (!summary) return summary;
    summary->file = tape;
    if (!meta) summary->parts = std::max<std::size_t>(1, parts_of(tape).size());
    return summary;
}

std::vector<fs::path> files_of(const fs::path& tape) {
    std::vector<fs::path> out = parts_of(tape);
    std::error_code failed;
    const fs::path meta = meta_file(PartName(tape).file(1));
    for (const fs::path& each : {meta, fs::path(meta.string() + ".new")}) {
        if (fs::symlink_status(each, failed).type() != fs::file_type::not_found)
            out.push_back(each);
    }
    return out;
}

sdk::Json to_json(const TapeSummary& summary) {
    return sdk::Json{{"file", summary.file.string()},    {"tape_id", summary.tape_id},
                     {"created_at", summary.created_at}, {"session", summary.session},
                     {"upstream", summary.upstream},     {"revision", summary.revision},
                     {"status", summary.status},         {"frames", summary.frames},
                     {"bytes", summary.bytes},           {"duration_ms", summary.duration_ms},
                     {"parts", summary.parts},           {"dropped", summary.dropped}};
}

}  // namespace shadowcat::tape
