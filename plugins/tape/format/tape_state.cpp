// SPDX-License-Identifier: Apache-2.0
// Reading on, skipping what is wrong, and going elsewhere.
#include "format/tape_state.hpp"

#include "format/line_writer.hpp"

#include <utility>

namespace shadowcat::tape {

using Found = LineSource::Found;
using Problem = TapeProblem::Kind;

sdk::Result<void> TapeReader::State::begin() {
    std::string_view text;
    const auto refuse = [](const std::string& why) {
        return sdk::Error(sdk::ErrorCode::protocol, why);
    };
    if (parts.next(text) != Found::line) return refuse("is empty or its first line has no end");
    if (const auto wrong = parser_.parse_init(text, init)) return refuse("line 1: " + *wrong);
    const std::string major = init.version.substr(0, init.version.find('.'));
    if (major != kTapeVersion.substr(0, kTapeVersion.find('.')))
        return refuse("has version \"" + init.version + "\", but only 3.x can be read");
    sequence_.expect(init.first_seq);
    if (init.part > 1) problem(Problem::truncated_parts, "the parts before this one are left out");
    return {};
}

std::optional<TapeLine> TapeReader::State::next() {
    std::string_view text;
    TapeLine line;
    while (next_text(text))
        if (accept(text, line)) return line;
    return std::nullopt;
}

/// The next line that isn't too long; false at the end.
bool TapeReader::State::next_text(std::string_view& text) {
    while (true) {
        const std::uint64_t part = parts.part();
        const Found found = parts.next(text);
        if (found == Found::end || found == Found::torn) {
            at_end(found == Found::torn);
            return false;
        }
        if (std::exchange(torn_, false) && part == parts.part()) problems.remove_last();
        if (found == Found::line) return true;
        problem(Problem::too_long, "a line is longer than " + std::to_string(kMaxLineBytes) +
                                       " bytes and was skipped");
    }
}

/// Whether `text` is a line to be given to the reader's user.
bool TapeReader::State::accept(std::string_view text, TapeLine& line) {
    if (auto wrong = parser_.parse(text, line)) {
        problem(Problem::bad_line, "skipped: " + *wrong);
        return false;
    }
    line.line_number = parts.line();
    line.offset = parts.offset();
    if (line.kind == TapeLine::Kind::unknown) {
        enter_part(text);
        return false;
    }
    if (line.kind == TapeLine::Kind::checkpoint) promised_ = line.fields.value("next_part", 0u);
    if (line.kind != TapeLine::Kind::frame) return true;
    sequence_.check(line, problems);
    index.add({parts.part(), line.offset, line.line_number, line.seq, line.ts_ms});
    return true;
}

/// An init line stands at the beginning of each part, and nowhere else.
void TapeReader::State::enter_part(std::string_view text) {
    TapeInit of_part;
    if (parser_.parse_init(text, of_part)) {
        problem(Problem::unknown_type, "skipped: a type of line that isn't known");
    } else if (parts.line() != 1) {
        problem(Problem::bad_line, "skipped: another init line");
    } else if (of_part.tape_id != init.tape_id || of_part.part != parts.part()) {
        problem(Problem::truncated_parts, "the file is no part of this tape");
    } else {
        promised_ = 0;
    }
}

void TapeReader::State::at_end(bool torn) {
    if (torn && !torn_) {
        problem(Problem::torn_end, "the last line has no end and is ignored");
        torn_ = true;
    }
    if (torn || promised_ != parts.part() + 1 || std::exchange(missed_, true)) return;
    problem(Problem::truncated_parts, "part " + std::to_string(promised_) + " is missing");
}

void TapeReader::State::problem(TapeProblem::Kind kind, std::string text) {
    const bool first = parts.part() == parts.first_part();
    if (!first) text = "part " + std::to_string(parts.part()) + ": " + text;
    problems.add(kind, parts.line() + (kind == Problem::torn_end ? 1 : 0), std::move(text));
}

void TapeReader::State::go_to_beginning() {
    parts.seek(parts.first_part(), 0, 1);
    std::string_view init_line;
    parts.next(init_line);
}

/// Reads on from a place of the index (null: from the beginning), without a look at messages, to
/// the first frame that is wanted. Problems are found by reading, not by this.
void TapeReader::State::seek(const FrameIndex::Place* from,
                             const std::function<bool(const LineParser::Position&)>& wanted) {
    sequence_.forget();
    torn_ = false;
    if (from == nullptr || !parts.seek(from->part, from->offset, from->line)) go_to_beginning();
    std::string_view text;
    for (Found found = parts.next(text); found != Found::end && found != Found::torn;
         found = parts.next(text)) {
        if (found != Found::line) continue;
        const auto position = parser_.position(text);
        if (!position) continue;
        index.add({parts.part(), parts.offset(), parts.line(), position->seq, position->ts_ms});
        if (!wanted(*position)) continue;
        parts.seek(parts.part(), parts.offset(), parts.line());
        return;
    }
}

}  // namespace shadowcat::tape
