// SPDX-License-Identifier: Apache-2.0
// Reads HTTP/1.x messages, requests or responses, out of a buffer as their bytes come.
#pragma once

#include "buffer.hpp"
#include "http_head.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bench {

/// The message stays in the buffer until `next`; the chunks of a chunked body are moved together
/// there, so that the body is one piece. Every byte is looked at a bounded number of times,
/// however it arrives in parts.
class HttpReader {
public:
    enum class State { kHead, kBody, kComplete, kFailed };
    enum class Kind { kRequests, kResponses };

    explicit HttpReader(Kind kind) : kind_(kind) {}

    /// After bytes were added to the buffer.
    State advance(Buffer& in);

    /// The peer has closed: completes a response whose body lasts until then.
    State finish();

    /// Forgets the message and drops its bytes.
    void next(Buffer& in);

    State state() const { return state_; }
    /// Valid until the buffer changes, from kBody on.
    HttpHead head(const Buffer& in) const { return parse_head(in.view().substr(0, head_size_)); }
    std::string_view body(const Buffer& in) const {
        return in.view().substr(head_size_, body_size_);
    }
    /// The bytes known to be missing: what to make room for.
    std::size_t missing(const Buffer& in) const;

private:
    enum class Framing { kLength, kChunked, kUntilClose };
    enum class Chunk { kSize, kData, kDataEnd, kTrailer };

    void find_head(Buffer& in);
    void begin_body(const HttpHead& head);
    void take_chunks(Buffer& in);
    bool take_chunk_line(Buffer& in);
    void take_chunk_data(Buffer& in);
    void start_chunk(std::string_view line);

    Kind kind_;
    State state_ = State::kHead;
    Framing framing_ = Framing::kLength;
    Chunk chunk_ = Chunk::kSize;
    std::size_t searched_ = 0;  ///< Of the head: no end of it before here.
    std::size_t head_size_ = 0;
    std::size_t body_size_ = 0;  ///< So far; of kLength: when complete.
    std::size_t raw_ = 0;        ///< Where the bytes begin that were not looked at.
    std::uint64_t chunk_left_ = 0;
};

}  // namespace bench
