// SPDX-License-Identifier: Apache-2.0
// Reads a tape to its end and prints what was found.
#include "cli/validate.hpp"

#include "cli/conversation_check.hpp"
#include "cli/progress.hpp"
#include "format/safe_text.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

using Severity = Finding::Severity;

constexpr std::array<std::string_view, 7> kProblemNames = {
    "bad_line", "unknown_type", "sequence_gap",   "out_of_order",
    "torn_end", "too_long",     "truncated_parts"};

Severity severity_of(TapeProblem::Kind kind, const TapeInit& init, bool ended, bool has_gaps) {
    switch (kind) {
        case TapeProblem::Kind::unknown_type:
            return Severity::note;
        case TapeProblem::Kind::torn_end:
            return ended ? Severity::error : Severity::note;
        case TapeProblem::Kind::sequence_gap:
            return has_gaps ? Severity::warning : Severity::error;
        case TapeProblem::Kind::truncated_parts:
            return init.part > 1 ? Severity::warning : Severity::error;
        case TapeProblem::Kind::bad_line:
        case TapeProblem::Kind::out_of_order:
        case TapeProblem::Kind::too_long:
            break;
    }
    return Severity::error;
}

Colour severity_colour(Severity severity) {
    if (severity == Severity::error) return Colour::red;
    return severity == Severity::warning ? Colour::yellow : Colour::dim;
}

std::string counted(std::uint64_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

class Validation {
public:
    Validation(const std::string& tape, bool json, Console& console)
        : tape_(tape), json_(json), console_(console) {}

    /// False when it has errors.
    bool run(TapeReader& reader) {
        ConversationCheck check(reader.init(), findings_);
        read(reader, check);
        check.finish();
        add_problems(reader, check.ended(), check.has_gaps(), findings_);
        frames_ = check.frames();
        return report();
    }

    /// For a tape that can't be read at all.
    bool run(const sdk::Error& error) {
        findings_.add(Finding(Severity::error, 0, "unreadable", error.message()));
        return report();
    }

private:
    void read(TapeReader& reader, ConversationCheck& check) {
        Progress progress(console_, "validating");
        while (const auto line = reader.next()) {
            check.follow(*line);
            progress.update(reader.bytes_read(), reader.bytes_total());
        }
    }

    bool report() {
        findings_.sort();
        if (json_) {
            report_json();
        } else {
            report_text();
        }
        return findings_.count(Severity::error) == 0;
    }

    void report_text() {
        const std::uint64_t errors = findings_.count(Severity::error);
        const Style& style = console_.style();
        console_.out() << safe_text(tape_) << ": "
                       << (errors == 0 ? style.paint(Colour::green, "good")
                                       : style.paint(Colour::red, counted(errors, "error")))
                       << " (" << counted(frames_, "frame") << ", "
                       << counted(findings_.count(Severity::warning), "warning") << ", "
                       << counted(findings_.count(Severity::note), "note") << ")\n";
        for (const Finding& each : findings_.kept())
            print(each);
        if (total() > findings_.kept().size())
            console_.out() << "  and " << total() - findings_.kept().size() << " more\n";
    }

    void print(const Finding& finding) {
        console_.out() << "  ";
        if (finding.line > 0) console_.out() << "line " << finding.line << ": ";
        console_.out() << console_.style().paint(severity_colour(finding.severity),
                                                 name(finding.severity))
                       << ": " << safe_text(finding.text) << '\n';
    }

    void report_json() {
        for (const Finding& each : findings_.kept())
            write(sdk::Json{{"tape", tape_},
                            {"line", each.line},
                            {"severity", name(each.severity)},
                            {"kind", each.kind},
                            {"text", each.text}});
        write(sdk::Json{{"tape", tape_},
                        {"frames", frames_},
                        {"errors", findings_.count(Severity::error)},
                        {"warnings", findings_.count(Severity::warning)},
                        {"notes", findings_.count(Severity::note)}});
    }

    void write(const sdk::Json& line) {
        console_.out() << line.dump(-1, ' ', false, sdk::Json::error_handler_t::replace) << '\n';
    }

    std::uint64_t total() const {
        return findings_.count(Severity::error) + findings_.count(Severity::warning) +
               findings_.count(Severity::note);
    }

    const std::string& tape_;
    bool json_;
    Console& console_;
    Findings findings_;
    std::uint64_t frames_ = 0;
};

}  // namespace

void add_problems(const TapeReader& reader, bool ended, bool has_gaps, Findings& findings) {
    for (const TapeProblem& problem : reader.problems()) {
        findings.add(Finding(severity_of(problem.kind, reader.init(), ended, has_gaps),
                             problem.line, kProblemNames[static_cast<std::size_t>(problem.kind)],
                             problem.text));
    }
    findings.add_uncounted(Severity::error, reader.problem_count() - reader.problems().size());
}

int run_validate(const ValidateOptions& options, const TapeChoice& choice, Console& console) {
    bool good = true;
    for (const std::string& tape : options.tapes) {
        auto reader = choice.open(tape);
        Validation validation(tape, options.json, console);
        good = (reader ? validation.run(*reader) : validation.run(reader.error())) && good;
    }
    return good ? 0 : 1;
}

}  // namespace shadowcat::tape
