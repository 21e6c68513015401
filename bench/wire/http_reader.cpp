// SPDX-License-Identifier: Apache-2.0
// Reads HTTP/1.x messages: head, then a body by length, by chunks, or until the end.
#include "http_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace bench {
namespace {

constexpr std::size_t kLongestHead = 64 * 1024;
constexpr std::uint64_t kLargestBody = 256 * 1024 * 1024;

}  // namespace

HttpReader::State HttpReader::advance(Buffer& in) {
    if (state_ == State::kHead) find_head(in);
    if (state_ != State::kBody) return state_;
    if (framing_ == Framing::kChunked) {
        take_chunks(in);
    } else if (framing_ == Framing::kUntilClose) {
        body_size_ = in.size() - head_size_;
    } else if (in.size() >= head_size_ + body_size_) {
        raw_ = head_size_ + body_size_;
        state_ = State::kComplete;
    }
    return state_;
}

HttpReader::State HttpReader::finish() {
    const bool whole = state_ == State::kBody && framing_ == Framing::kUntilClose;
    if (whole) raw_ = head_size_ + body_size_;
    if (state_ != State::kComplete) state_ = whole ? State::kComplete : State::kFailed;
    return state_;
}

void HttpReader::next(Buffer& in) {
    in.consume(std::min(raw_, in.size()));
    *this = HttpReader(kind_);
}

std::size_t HttpReader::missing(const Buffer& in) const {
    if (state_ != State::kBody) return 0;
    if (framing_ == Framing::kChunked) {
        const std::size_t there = in.size() - raw_;
        return chunk_left_ > there ? static_cast<std::size_t>(chunk_left_) - there : 0;
    }
    return framing_ == Framing::kLength ? head_size_ + body_size_ - in.size() : 0;
}

void HttpReader::find_head(Buffer& in) {
    const std::string_view text = in.view();
    const std::size_t end = text.find("\r\n\r\n", searched_);
    if (end == std::string_view::npos) {
        searched_ = text.size() < 3 ? 0 : text.size() - 3;
        if (text.size() > kLongestHead) state_ = State::kFailed;
        return;
    }
    const HttpHead head = parse_head(text.substr(0, end + 4));
    const int status = kind_ == Kind::kResponses ? head.status() : 0;
    if (status >= 100 && status < 200) {  // an interim answer, dropped
        in.consume(end + 4);
        searched_ = 0;
        return find_head(in);
    }
    head_size_ = raw_ = end + 4;
    begin_body(head);
    if (status == 204 || status == 304) framing_ = Framing::kLength, body_size_ = 0;
}

void HttpReader::begin_body(const HttpHead& head) {
    state_ = head.valid && head.content_length <= kLargestBody ? State::kBody : State::kFailed;
    body_size_ = 0;
    if (head.chunked) {
        framing_ = Framing::kChunked;
    } else if (head.has_length || kind_ == Kind::kRequests) {
        framing_ = Framing::kLength;
        body_size_ = static_cast<std::size_t>(head.content_length);
    } else {
        framing_ = Framing::kUntilClose;
    }
}

void HttpReader::take_chunks(Buffer& in) {
    while (state_ == State::kBody && raw_ < in.size()) {
        if (chunk_ == Chunk::kData) {
            take_chunk_data(in);
        } else if (!take_chunk_line(in)) {
            return;
        }
    }
}

/// A size, the empty line behind data, or a trailer; false when its end hasn't come yet.
bool HttpReader::take_chunk_line(Buffer& in) {
    const std::string_view rest = in.view().substr(raw_);
    const std::size_t end = rest.find("\r\n");
    if (end == std::string_view::npos) {
        if (rest.size() > kLongestHead) state_ = State::kFailed;
        return false;
    }
    raw_ += end + 2;
    if (chunk_ == Chunk::kSize) {
        start_chunk(rest.substr(0, end));
    } else if (chunk_ == Chunk::kDataEnd) {
        chunk_ = Chunk::kSize;
        if (end != 0) state_ = State::kFailed;
    } else if (end == 0) {
        state_ = State::kComplete;
    }
    return true;
}

void HttpReader::start_chunk(std::string_view line) {
    const char* const end = line.data() + line.size();
    const auto [at, error] = std::from_chars(line.data(), end, chunk_left_, 16);
    const bool valid = error == std::errc() && (at == end || *at == ';' || *at == ' ') &&
                       chunk_left_ + body_size_ <= kLargestBody;
    if (!valid) state_ = State::kFailed;
    chunk_ = chunk_left_ == 0 ? Chunk::kTrailer : Chunk::kData;
}

void HttpReader::take_chunk_data(Buffer& in) {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, in.size() - raw_));
    char* const to = in.data() + head_size_ + body_size_;
    char* const from = in.data() + raw_;
    if (to != from) std::memmove(to, from, count);
    body_size_ += count;
    raw_ += count;
    chunk_left_ -= count;
    if (chunk_left_ == 0) chunk_ = Chunk::kDataEnd;
}

}  // namespace bench
