// SPDX-License-Identifier: Apache-2.0
// For tests: the text of small tapes.
#pragma once

#include "format/line_writer.hpp"

#include <string>

namespace shadowcat::tape::sample {

inline std::string init(std::uint64_t part = 1, std::uint64_t first_seq = 0) {
    TapeInit line;
    line.version = kTapeVersion;
    line.tape_id = "0b5e6d0c-6b5f-4c55-8f6e-111111111111";
    line.session = "s1";
    line.created_at = "2026-11-26T04:00:00.000Z";
    line.part = part;
    line.first_seq = first_seq;
    std::string out;
    append_init(out, line);
    return out;
}

inline std::string frame(std::uint64_t seq, double ts_ms, const std::string& message = {}) {
    TapeLine line;
    line.seq = seq;
    line.ts_ms = ts_ms;
    line.message_kind = sdk::MessageKind::request;
    line.method = "ping";
    line.id = std::to_string(seq);
    line.message =
        message.empty() ? R"({"jsonrpc":"2.0","id":)" + line.id + R"(,"method":"ping"})" : message;
    std::string out;
    append_frame(out, line);
    return out;
}

inline std::string frames(std::uint64_t from, std::uint64_t to) {
    std::string out;
    for (std::uint64_t seq = from; seq < to; ++seq)
        out += frame(seq, static_cast<double>(seq) * 10);
    return out;
}

inline std::string checkpoint(std::uint64_t seq, std::uint64_t next_part) {
    std::string out;
    append_checkpoint(out, static_cast<double>(seq) * 10, seq, TapeStats(), next_part);
    return out;
}

}  // namespace shadowcat::tape::sample
