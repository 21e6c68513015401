// SPDX-License-Identifier: Apache-2.0
// Exporter: turns a tape, line by line, into something that other programs read.
#pragma once

#include "format/tape_line.hpp"

#include <memory>
#include <ostream>
#include <string>

namespace shadowcat::tape {

class Exporter {
public:
    virtual ~Exporter() = default;

    /// Called once each, in this order; `line` for every line behind the init. What is written
    /// doesn't wait in memory for the tape's end.
    virtual void begin(const TapeInit& init) = 0;
    virtual void line(const TapeLine& line) = 0;
    virtual void end() = 0;
};

/// `url`: where an MCP server is, for formats that name one.
std::unique_ptr<Exporter> make_json_exporter(std::ostream& out);
std::unique_ptr<Exporter> make_curl_exporter(std::ostream& out, const std::string& url);
std::unique_ptr<Exporter> make_postman_exporter(std::ostream& out, const std::string& url);
std::unique_ptr<Exporter> make_har_exporter(std::ostream& out, const std::string& url);

/// `text` as one word of a POSIX shell, whatever is in it. A NUL can't be, and is left out.
std::string shell_quoted(std::string_view text);

}  // namespace shadowcat::tape
