// SPDX-License-Identifier: Apache-2.0
// Reads two tapes side by side and reports.
#include "cli/diff.hpp"

#include "cli/alignment.hpp"
#include "cli/progress.hpp"
#include "format/json_difference.hpp"
#include "format/safe_text.hpp"

namespace shadowcat::tape {

namespace {

using sdk::Json;

constexpr int kTrouble = 2;

std::string frames_text(const TapeExchange& a, const TapeExchange& b) {
    return "frame " + std::to_string(a.seq) + " | " + std::to_string(b.seq);
}

/// Prints differences as they are found, and counts them.
class DiffReport : public AlignmentSink {
public:
    DiffReport(const DiffOptions& options, Console& console)
        : options_(options), console_(console) {}

    void pair(const TapeExchange& a, const TapeExchange& b) override {
        ++compared_;
        compare(a, b, false);
    }

    void moved(const TapeExchange& a, const TapeExchange& b) override {
        ++compared_;
        ++count_;
        if (options_.json) {
            write(
                Json{{"kind", "order"}, {"call", a.label}, {"frame_a", a.seq}, {"frame_b", b.seq}});
        }
        compare(a, b, true);
    }

    void only_a(const TapeExchange& a) override { only("missing", "frame_a", "- ", a, "first"); }
    void only_b(const TapeExchange& b) override { only("added", "frame_b", "+ ", b, "second"); }

    int finish() {
        if (options_.json) {
            write(Json{{"compared", compared_}, {"differences", count_}});
        } else if (count_ == 0) {
            console_.out() << "no differences in " << compared_ << " exchanges\n";
        } else {
            console_.out() << count_ << (count_ == 1 ? " difference" : " differences") << "; "
                           << compared_ << " exchanges compared\n";
        }
        return count_ == 0 ? 0 : 1;
    }

private:
    void compare(const TapeExchange& a, const TapeExchange& b, bool moved) {
        const auto found = differences(a.document, b.document, options_.ignored);
        count_ += found.size();
        if (options_.json) {
            for (const Difference& each : found)
                write(to_json(each, a, b));
            return;
        }
        if (found.empty() && !moved) return;
        const std::string where = " (" + frames_text(a, b) + ")";
        console_.out() << console_.style().paint(Colour::bold, "~ " + a.label) << where
                       << (moved ? ": in another order" : "") << '\n';
        for (const Difference& each : found)
            print(each);
        if (found.size() == kMaxDifferences) console_.out() << "    (only the first are shown)\n";
    }

    void print(const Difference& difference) {
        Colour colour = Colour::yellow;
        if (difference.kind == Difference::Kind::missing) colour = Colour::red;
        if (difference.kind == Difference::Kind::added) colour = Colour::green;
        console_.out() << "    " << console_.style().paint(colour, describe(difference)) << '\n';
    }

    void only(const char* kind, const char* frame, const char* mark, const TapeExchange& exchange,
              const char* tape) {
        ++count_;
        if (options_.json)
            return write(Json{{"kind", kind}, {"call", exchange.label}, {frame, exchange.seq}});
        const Colour colour = *mark == '-' ? Colour::red : Colour::green;
        console_.out() << console_.style().paint(colour, mark + exchange.label) << " (frame "
                       << exchange.seq << "): only on the " << tape << " tape\n";
    }

    static Json to_json(const Difference& difference, const TapeExchange& a,
                        const TapeExchange& b) {
        return Json{{"kind", name(difference.kind)},
                    {"call", a.label},
                    {"frame_a", a.seq},
                    {"frame_b", b.seq},
                    {"pointer", difference.pointer},
                    {"expected", difference.expected},
                    {"actual", difference.actual}};
    }

    void write(const Json& line) {
        const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
        console_.out() << safe_json(text) << '\n';
    }

    const DiffOptions& options_;
    Console& console_;
    std::uint64_t compared_ = 0;
    std::uint64_t count_ = 0;
};

/// One tape of the two.
class DiffSide {
public:
    explicit DiffSide(TapeReader& reader) : reader_(reader) {}

    /// Reads until a call is ready; empty at the end.
    std::optional<TapeExchange> next() {
        while (true) {
            if (auto ready = queue_.next()) return ready;
            if (ended_) return std::nullopt;
            const auto line = reader_.next();
            ended_ = !line;
            if (ended_) queue_.finish();
            if (line) queue_.add(*line);
        }
    }

    std::optional<TapeExchange> next_of_server() { return queue_.next_of_server(); }
    bool ended() const noexcept { return ended_ && drained_; }
    void drained() { drained_ = true; }
    const TapeReader& reader() const noexcept { return reader_; }

private:
    TapeReader& reader_;
    ExchangeQueue queue_;
    bool ended_ = false;
    bool drained_ = false;
};

class Comparison {
public:
    Comparison(TapeReader& a, TapeReader& b, DiffReport& report, Console& console)
        : console_(console),
          a_(a),
          b_(b),
          calls_(report),
          server_(report),
          progress_(console, "comparing") {}

    void run() {
        while (!a_.ended() || !b_.ended()) {
            fill();
            // A bar and the report would stand on the same lines of a terminal.
            if (!console_.prints_to_terminal())
                progress_.update(a_.reader().bytes_read() + b_.reader().bytes_read(),
                                 a_.reader().bytes_total() + b_.reader().bytes_total());
            calls_.advance(a_.ended(), b_.ended());
            server_.advance(a_.ended(), b_.ended());
        }
        calls_.finish();
        server_.finish();
    }

private:
    void fill() {
        while (calls_.wants_a() && !a_.ended()) {
            auto call = a_.next();
            if (!call) a_.drained();
            if (call) calls_.push_a(*std::move(call));
        }
        while (calls_.wants_b() && !b_.ended()) {
            auto call = b_.next();
            if (!call) b_.drained();
            if (call) calls_.push_b(*std::move(call));
        }
        while (auto message = a_.next_of_server())
            server_.push_a(*std::move(message));
        while (auto message = b_.next_of_server())
            server_.push_b(*std::move(message));
    }

    Console& console_;
    DiffSide a_, b_;
    Alignment calls_;
    Alignment server_;
    Progress progress_;
};

}  // namespace

int run_diff(const DiffOptions& options, const TapeChoice& choice, Console& console) {
    auto a = choice.open(options.a);
    if (!a) {
        console.fail(a.error());
        return kTrouble;
    }
    auto b = choice.open(options.b);
    if (!b) {
        console.fail(b.error());
        return kTrouble;
    }
    DiffReport report(options, console);
    Comparison(*a, *b, report, console).run();
    return report.finish();
}

}  // namespace shadowcat::tape
