// SPDX-License-Identifier: Apache-2.0
// LineFramer: lines come out whole, wherever the reads were cut.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "line_framer.hpp"

#include <doctest/doctest.h>

#include <vector>

using transport_tcp::LineFramer;

namespace {

using Lines = std::vector<std::string>;

/// The lines of `stream` when it arrives `chunk` bytes at a time.
Lines lines_of(LineFramer& framer, std::string_view stream, std::size_t chunk) {
    Lines lines;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        framer.append(stream.substr(at, chunk));
        while (auto line = framer.next())
            lines.push_back(*line);
    }
    return lines;
}

}  // namespace

TEST_CASE("lines are the same for every way of cutting the stream") {
    const std::string stream = "{\"a\":\"ä\"}\n\r\n{\"b\":1}\r\n\n漢字\nunfinished";
    for (std::size_t chunk = 1; chunk <= stream.size(); ++chunk) {
        LineFramer framer(100);
        CHECK(lines_of(framer, stream, chunk) == Lines{"{\"a\":\"ä\"}", "{\"b\":1}", "漢字"});
        CHECK(framer.skipped() == 0);
    }
}

TEST_CASE("a line beyond the limit is skipped, the next one is not") {
    const std::string stream = "12345\n123456\n" + std::string(1000, 'x') + "\nok\n";
    for (std::size_t chunk : {1, 3, 7, 5000}) {
        LineFramer framer(5);
        CHECK(lines_of(framer, stream, chunk) == Lines{"12345", "ok"});
        CHECK(framer.skipped() == 2);
    }
}
