// SPDX-License-Identifier: Apache-2.0
// Writes lines again.
#include "cli/line_text.hpp"

#include "cli/event_text.hpp"
#include "format/json_text.hpp"
#include "format/line_writer.hpp"

namespace shadowcat::tape {

void append_tape_line(std::string& out, const TapeLine& line) {
    if (line.kind == TapeLine::Kind::frame || !line.fields.is_object())
        return append_line(out, line);
    sdk::Json rest = line.fields;
    rest.erase("type");
    const std::string text = rest.dump(-1, ' ', false, sdk::Json::error_handler_t::replace);
    out += "{\"type\":";
    append_quoted(out, raw_member(line.fields, "type"));
    if (!rest.empty()) out += ',';
    out.append(text, 1) += '\n';
}

}  // namespace shadowcat::tape
