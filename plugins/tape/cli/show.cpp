// SPDX-License-Identifier: Apache-2.0
// Reads, filters and prints.
#include "cli/show.hpp"

#include "cli/event_text.hpp"
#include "cli/frame_text.hpp"
#include "cli/line_text.hpp"
#include "cli/pairing.hpp"
#include "cli/progress.hpp"
#include "format/line_writer.hpp"
#include "format/safe_text.hpp"
#include "format/tape_meta.hpp"
#include "format/tape_reader.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace shadowcat::tape {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(100);

bool method_matches(const std::string& pattern, const std::string& method) {
    if (!pattern.ends_with('*')) return pattern == method;
    return method.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
}

class Show {
public:
    /// `shown`: the init with what only the metadata tell.
    Show(const ShowOptions& options, TapeReader& reader, TapeInit shown, Console& console)
        : options_(options),
          shown_init_(std::move(shown)),
          reader_(reader),
          console_(console),
          text_(console.style(), options.full),
          progress_(console, "reading") {}

    int run() {
        print_header();
        seek();
        while (const auto line = next_line()) {
            if (options_.to && options_.to->is_before(*line)) break;
            take(*line);
            if (options_.limit > 0 && shown_ >= options_.limit) break;
            if (!console_.out()) break;  // nobody reads
        }
        console_.out().flush();
        report_problems();
        return 0;
    }

private:
    void print_header() {
        if (!options_.json) {
            console_.out() << text_.header(shown_init_);
            return;
        }
        std::string line;
        append_init(line, reader_.init());
        console_.out() << line;
    }

    void seek() {
        if (!options_.from) return;
        if (options_.from->is_time()) {
            reader_.seek_time(options_.from->ts_ms());
        } else {
            reader_.seek_frame(options_.from->seq());
        }
    }

    std::optional<TapeLine> next_line() {
        while (true) {
            auto line = reader_.next();
            if (!console_.prints_to_terminal())
                progress_.update(reader_.bytes_read(), reader_.bytes_total());
            if (line && line->kind == TapeLine::Kind::end) ended_ = true;
            if (line || !options_.follow || ended_) return line;
            console_.out().flush();
            std::this_thread::sleep_for(kPoll);
        }
    }

    void take(const TapeLine& line) {
        if (line.kind == TapeLine::Kind::frame) {
            const Pairing::Step step = pairing_.follow(line);
            if (!wants_frame(line, step)) return;
            ++shown_;
            print(line, [&] { return text_.frame(line, step); });
        } else if (wants_other(line)) {
            print(line, [&] { return other(line); });
        }
    }

    template <class Text>
    void print(const TapeLine& line, Text text) {
        if (!options_.json) {
            console_.out() << text();
            return;
        }
        std::string raw;
        append_tape_line(raw, line);
        console_.out() << (console_.prints_to_terminal() ? safe_json(raw) : raw);
    }

    bool wants_frame(const TapeLine& line, const Pairing::Step& step) const {
        if (options_.direction && line.direction != *options_.direction) return false;
        if (options_.methods.empty()) return true;
        const bool known = line.method.empty() && step.answered;
        const std::string& method = known ? step.answered->method : line.method;
        return std::ranges::any_of(options_.methods, [&](const std::string& pattern) {
            return method_matches(pattern, method);
        });
    }

    // A view of certain methods is a view of messages; all else is left out of it.
    bool wants_other(const TapeLine& line) const {
        const bool filtered = !options_.methods.empty() || options_.direction;
        if (line.kind == TapeLine::Kind::event) return wants_event(line) && !filtered;
        if (line.kind == TapeLine::Kind::gap || line.kind == TapeLine::Kind::end) return true;
        return options_.json && !filtered;
    }

    bool wants_event(const TapeLine& line) const {
        if (options_.events != ShowOptions::Events::notable)
            return options_.events == ShowOptions::Events::all;
        if (options_.json) return true;
        const std::string event = raw_member(line.fields, "event");
        return !event.starts_with("http_") && event != "sse_event" && event != "stream_closed";
    }

    std::string other(const TapeLine& line) const {
        if (line.kind == TapeLine::Kind::event) return text_.event(line);
        return line.kind == TapeLine::Kind::gap ? text_.gap(line) : text_.end(line);
    }

    void report_problems() {
        const std::uint64_t count = reader_.problem_count();
        if (count == 0) return;
        const TapeProblem& first = reader_.problems().front();
        console_.fail("line " + std::to_string(first.line) + ": " + first.text +
                      (count > 1 ? " (and " + std::to_string(count - 1) + " more problems)" : "") +
                      "; see 'shadowcat tape validate'");
    }

    const ShowOptions& options_;
    TapeInit shown_init_;
    TapeReader& reader_;
    Console& console_;
    FrameText text_;
    Progress progress_;
    Pairing pairing_;
    std::uint64_t shown_ = 0;
    bool ended_ = false;
};

}  // namespace

namespace {

/// A tape begins before an upstream is chosen and a revision negotiated.
TapeInit completed(TapeInit init, const std::filesystem::path& tape) {
    const auto meta = read_meta(tape);
    if (!meta) return init;
    if (init.upstream.empty()) init.upstream = meta->upstream;
    if (init.revision.empty()) init.revision = meta->revision;
    return init;
}

}  // namespace

int run_show(const ShowOptions& options, const TapeChoice& choice, Console& console) {
    const auto tape = choice.find(options.tape);
    if (!tape) return console.fail(tape.error());
    auto reader = TapeReader::open(*tape);
    if (!reader) return console.fail(reader.error());
    return Show(options, *reader, completed(reader->init(), *tape), console).run();
}

}  // namespace shadowcat::tape
