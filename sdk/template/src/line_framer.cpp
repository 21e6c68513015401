// SPDX-License-Identifier: Apache-2.0
// Looks at every byte once, wherever the reads were cut.
#include "line_framer.hpp"

namespace transport_tcp {

void LineFramer::append(std::string_view bytes) {
    forget_taken();
    buffer_.append(bytes);
}

std::optional<std::string> LineFramer::next() {
    while (std::optional<std::string> line = take_line()) {
        if (line->ends_with('\r')) line->pop_back();
        if (!line->empty()) return line;
    }
    return std::nullopt;
}

/// The next line; an empty one stands for a line that was skipped.
std::optional<std::string> LineFramer::take_line() {
    const std::size_t end = buffer_.find('\n', scanned_);
    scanned_ = end == std::string::npos ? buffer_.size() : end + 1;
    if (scanned_ - begin_ > max_line_ + 1 && !skipping_) {
        skipping_ = true;
        ++skipped_;
    }
    if (end == std::string::npos) {
        if (skipping_) begin_ = scanned_;
        return std::nullopt;
    }
    std::string line = skipping_ ? std::string() : buffer_.substr(begin_, end - begin_);
    begin_ = scanned_;
    skipping_ = false;
    return line;
}

void LineFramer::forget_taken() {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
}

}  // namespace transport_tcp
