// SPDX-License-Identifier: Apache-2.0
// Lays out one line for each frame.
#include "cli/frame_text.hpp"

#include "cli/event_text.hpp"
#include "cli/message_excerpt.hpp"
#include "cli/pretty_json.hpp"
#include "cli/table.hpp"
#include "cli/units.hpp"
#include "format/safe_text.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

using sdk::MessageKind;

constexpr std::size_t kMaxLabelWidth = 120;
constexpr std::size_t kMaxId = 40;
constexpr std::size_t kExcerptWithoutTerminal = 120;
constexpr std::size_t kLeastExcerpt = 20;

bool is_response_frame(const TapeLine& line) {
    return line.message_kind == MessageKind::result || line.message_kind == MessageKind::error;
}

Colour colour_of(MessageKind kind) {
    switch (kind) {
        case MessageKind::request:
            return Colour::cyan;
        case MessageKind::notification:
            return Colour::yellow;
        case MessageKind::result:
            return Colour::green;
        case MessageKind::error:
            break;
    }
    return Colour::red;
}

std::string arrow_of(sdk::Direction direction) {
    return direction == sdk::Direction::client_to_server ? "→" : "←";
}

/// `result 12.3 ms`, `error`: how a response answers.
std::string outcome(const TapeLine& line, const Pairing::Step& step) {
    std::string text = line.message_kind == MessageKind::error ? "error" : "result";
    if (step.answered) text += " " + human_duration(line.ts_ms - step.answered->ts_ms);
    return text;
}

std::string with(const char* what, const std::string& value) {
    return value.empty() ? "" : std::string("  ") + what + safe_text(value, 100);
}

}  // namespace

std::string label_of(const std::string& method, const std::string& name) {
    const std::string text = method.empty() ? "(unknown)" : method;
    return safe_text(name.empty() ? text : text + " " + name, kMaxLabelWidth);
}

std::string FrameText::header(const TapeInit& init) const {
    const std::string text = "tape " + safe_text(init.tape_id, 60) + with("", init.created_at) +
                             with("session ", init.session) + with("upstream ", init.upstream) +
                             with("revision ", init.revision) +
                             (init.redacted ? "  redacted" : "  not redacted") +
                             (init.part > 1 ? "  part " + std::to_string(init.part) : "");
    return style_.paint(Colour::bold, text) + '\n';
}

std::string FrameText::prefix(const std::string& seq, const TapeLine& line) const {
    return padded(seq, 7, true) +
           style_.paint(Colour::dim, padded(human_offset(line.ts_ms), 10, true)) + "  ";
}

std::string FrameText::subject(const TapeLine& line, const Pairing::Step& step) const {
    const bool known = step.answered && line.method.empty();
    const std::string label = known ? label_of(step.answered->method, step.answered->name)
                                    : label_of(line.method, line.name);
    std::string text = is_response_frame(line) ? label + " → " + outcome(line, step) : label;
    if (!line.id.empty()) text += " #" + safe_text(line.id, kMaxId);
    return text;
}

std::string FrameText::frame(const TapeLine& line, const Pairing::Step& step) const {
    const std::string text = arrow_of(line.direction) + " " + subject(line, step);
    const std::string size = "  " + human_bytes(line.message.size()) + "  ";
    std::string out = prefix(std::to_string(line.seq), line) +
                      style_.paint(colour_of(line.message_kind), text) +
                      style_.paint(Colour::dim, size);
    if (full_) return out + '\n' + safe_lines(pretty_json(line.message, "        ")) + '\n';
    out += excerpt(line, 19 + columns_of(text) + columns_of(size));
    out.erase(out.find_last_not_of(' ') + 1);
    return out + '\n';
}

std::string FrameText::excerpt(const TapeLine& line, std::size_t used) const {
    std::size_t room = kExcerptWithoutTerminal;
    if (style_.width > 0) room = std::max(style_.width, used + kLeastExcerpt + 1) - used - 1;
    return safe_text(message_excerpt(line), room);
}

std::string FrameText::aside(const TapeLine& line, Colour colour, const std::string& text) const {
    return prefix("", line) + style_.paint(colour, "· " + text) + '\n';
}

std::string FrameText::event(const TapeLine& line) const {
    return aside(line, Colour::dim, event_text(line.fields));
}

std::string FrameText::gap(const TapeLine& line) const {
    return aside(line, Colour::red, gap_text(line.fields));
}

std::string FrameText::end(const TapeLine& line) const {
    return aside(line, Colour::bold, "end: " + text_member(line.fields, "reason"));
}

}  // namespace shadowcat::tape
