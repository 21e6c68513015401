// SPDX-License-Identifier: Apache-2.0
// Newline-framed text on file descriptors: MCP's stdio framing, without any JSON.
#include "line_io.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace demo {
namespace {

constexpr std::size_t kReadSize = 64 * 1024;

void strip_carriage_return(std::string& text) {
    if (!text.empty() && text.back() == '\r') text.pop_back();
}

}  // namespace

bool LineReader::fill() {
    buffer_.resize(kReadSize);
    begin_ = 0;
    ssize_t count = -1;
    do {
        count = ::read(fd_, buffer_.data(), buffer_.size());
    } while (count < 0 && errno == EINTR);
    buffer_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return count > 0;
}

void LineReader::take(std::string_view part, Line& line) const {
    if (line.too_long || line.text.size() + part.size() > max_line_) {
        line.too_long = true;
        line.text.clear();
        return;
    }
    line.text.append(part);
}

std::optional<LineReader::Line> LineReader::next() {
    Line line;
    while (true) {
        const std::string_view rest = std::string_view(buffer_).substr(begin_);
        const std::size_t end = rest.find('\n');
        take(rest.substr(0, end), line);
        if (end != std::string_view::npos) {
            begin_ += end + 1;
            break;
        }
        if (!fill()) {
            if (line.text.empty() && !line.too_long) return std::nullopt;
            break;
        }
    }
    strip_carriage_return(line.text);
    return line;
}

bool LineWriter::write(std::string text) {
    text.push_back('\n');
    const std::lock_guard lock(mutex_);
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t count = ::write(fd_, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace demo
