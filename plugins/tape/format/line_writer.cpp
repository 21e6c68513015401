// SPDX-License-Identifier: Apache-2.0
// Puts lines together.
#include "format/line_writer.hpp"

#include "shadowcat/sdk/version.hpp"

#include "format/json_text.hpp"
#include "format/names.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

// What `append_frame` writes from a frame's own members.
constexpr std::array<std::string_view, 14> kFrameMembers = {
    "type", "seq",      "ts",     "dir",      "kind",     "method", "name",
    "id",   "exchange", "stream", "revision", "redacted", "msg",    "raw"};

std::string_view status_name(Correlation::Status status) {
    constexpr std::array<std::string_view, 3> kNames = {"success", "error", "unanswered"};
    return kNames[static_cast<std::size_t>(status)];
}

void append_frame_members(ObjectText& object, const TapeLine& frame) {
    object.text("type", "frame").number("seq", frame.seq).milliseconds("ts", frame.ts_ms);
    object.text("dir", name_of(frame.direction)).text("kind", name_of(frame.message_kind));
    object.text_if("method", frame.method).text_if("name", frame.name);
    if (!frame.id.empty()) object.json("id", frame.id);
    object.number_if("exchange", frame.exchange).number_if("stream", frame.stream);
    object.text_if("revision", frame.revision);
    if (frame.redacted) object.boolean("redacted", true);
}

void append_other_members(ObjectText& object, const sdk::Json& fields) {
    if (!fields.is_object()) return;
    for (const auto& [key, value] : fields.items()) {
        if (std::ranges::find(kFrameMembers, key) != kFrameMembers.end()) continue;
        std::string quoted;
        append_quoted(quoted, key);
        object.json(std::string_view(quoted).substr(1, quoted.size() - 2),
                    value.dump(-1, ' ', false, sdk::Json::error_handler_t::replace));
    }
}

void append_message(ObjectText& object, std::string_view message) {
    if (fits_on_a_line(message)) {
        object.json("msg", message);
    } else {
        object.text("raw", message);
    }
}

void append_headers(std::string& out, const EventRecord::Headers& headers) {
    out += '[';
    for (const auto& [name, value] : headers) {
        out += out.back() == ']' ? ",[" : "[";
        append_quoted(out, name);
        out += ',';
        append_quoted(out, value);
        out += ']';
    }
    out += ']';
}

std::string text_of(const TapeStats& stats) { return to_json(stats).dump(); }

}  // namespace

bool fits_on_a_line(std::string_view message) noexcept {
    return message.starts_with('{') && message.ends_with('}') &&
           message.find('\n') == std::string_view::npos &&
           message.find('\r') == std::string_view::npos;
}

void append_init(std::string& out, const TapeInit& init) {
    ObjectText object(out);
    object.text("type", "init").text("version", init.version).text("tape_id", init.tape_id);
    object.text("session", init.session).text("created_at", init.created_at);
    object.text("era", name_of(init.era)).text_if("revision", init.revision);
    object.text_if("upstream", init.upstream).boolean("redacted", init.redacted);
    object.number("part", init.part).number("first_seq", init.first_seq);
    object.text("shadowcat", SHADOWCAT_SDK_VERSION).end_line();
}

void append_frame(std::string& out, const TapeLine& frame) {
    ObjectText object(out);
    append_frame_members(object, frame);
    append_other_members(object, frame.fields);
    append_message(object, frame.message);
    object.end_line();
}

void append_frame(std::string& out, const TapeLine& frame, const FrameExtras& extras) {
    ObjectText object(out);
    append_frame_members(object, frame);
    if (extras.made_by_proxy) object.boolean("made_by_proxy", true);
    if (extras.session) object.text("session", *extras.session);
    if (extras.upstream) object.text("upstream", *extras.upstream);
    append_message(object, frame.message);
    object.end_line();
}

void append_event(std::string& out, double ts_ms, const EventRecord& event) {
    ObjectText object(out);
    object.text("type", "event").milliseconds("ts", ts_ms).text("event", name_of(event.kind));
    object.text("hop", name_of(event.hop)).text_if("session", event.session);
    object.text_if("upstream", event.upstream).number_if("stream", event.stream);
    object.text_if("method", event.method).text_if("target", event.target);
    object.number_if("status", static_cast<std::uint64_t>(std::max(event.status, 0)));
    if (!event.headers.empty()) {
        object.json("headers", {});
        append_headers(out, event.headers);
    }
    object.text_if("event_id", event.event_id).text_if("event_name", event.event_name);
    if (event.retry_ms) object.number("retry", *event.retry_ms);
    object.number_if("data_bytes", event.data_bytes).text_if("text", event.text);
    if (event.redacted) object.boolean("redacted", true);
    object.end_line();
}

void append_correlation(std::string& out, const Correlation& correlation) {
    ObjectText object(out);
    const double ended = correlation.response_ts_ms;
    object.text("type", "correlation").milliseconds("ts", ended).json("id", correlation.id);
    object.text("dir", name_of(correlation.direction)).text_if("method", correlation.method);
    object.number_if("exchange", correlation.exchange)
        .text("status", status_name(correlation.status));
    object.number("request_seq", correlation.request_seq);
    object.milliseconds("request_ts", correlation.request_ts_ms);
    if (correlation.status != Correlation::Status::unanswered) {
        object.number("response_seq", correlation.response_seq).milliseconds("response_ts", ended);
        object.milliseconds("rtt_ms", ended - correlation.request_ts_ms);
    }
    object.end_line();
}

void append_checkpoint(std::string& out, double ts_ms, std::uint64_t seq, const TapeStats& stats,
                       std::uint64_t next_part) {
    ObjectText object(out);
    object.text("type", "checkpoint").milliseconds("ts", ts_ms).number("seq", seq);
    object.json("stats", text_of(stats)).number_if("next_part", next_part).end_line();
}

void append_gap(std::string& out, double ts_ms, const Gap& gap) {
    ObjectText object(out);
    object.text("type", "gap").milliseconds("ts", ts_ms).number("dropped", gap.dropped);
    object.number("bytes", gap.bytes).text("reason", gap.reason).end_line();
}

void append_end(std::string& out, double ts_ms, std::string_view reason, const TapeStats& stats) {
    ObjectText object(out);
    object.text("type", "end").milliseconds("ts", ts_ms).text("reason", reason);
    object.json("stats", text_of(stats)).end_line();
}

void append_line(std::string& out, const TapeLine& line) {
    if (line.kind == TapeLine::Kind::frame) return append_frame(out, line);
    out += line.fields.dump(-1, ' ', false, sdk::Json::error_handler_t::replace);
    out += '\n';
}

}  // namespace shadowcat::tape
