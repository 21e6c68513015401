// SPDX-License-Identifier: Apache-2.0
// Deletes after a question.
#include "cli/delete.hpp"

#include "cli/tape_summary.hpp"
#include "cli/units.hpp"
#include "format/safe_text.hpp"

#include <unistd.h>

#include <filesystem>
#include <iostream>

namespace shadowcat::tape {

namespace {

namespace fs = std::filesystem;

std::string quoted(const fs::path& file) { return "\"" + file.string() + "\""; }

std::string description_of(const fs::path& tape, const sdk::Result<TapeSummary>& summary,
                           std::size_t files) {
    std::string text = quoted(tape) + " (";
    if (summary) {
        text += std::to_string(summary->frames) + " frames, " + human_bytes(summary->bytes) + ", ";
    }
    return text + std::to_string(files) + (files == 1 ? " file)" : " files)");
}

class Deletion {
public:
    Deletion(const DeleteOptions& options, Console& console, const Question& ask)
        : options_(options), console_(console), ask_(ask) {}

    /// False when something was not deleted, and that was said.
    bool run(const fs::path& tape) {
        const auto summary = summarise(tape);
        if (!options_.force && !may_go(tape, summary)) return false;
        const auto files = files_of(tape);
        const std::string what = description_of(tape, summary, files.size());
        if (!options_.force && ask_ && !ask_("delete " + what + "?")) {
            console_.out() << "kept " << safe_text(quoted(tape)) << '\n';
            return true;
        }
        for (const fs::path& file : files) {
            std::error_code failed;
            if (fs::remove(file, failed); failed)
                return console_.fail(quoted(file) + ": " + failed.message()) == 0;
        }
        console_.out() << "deleted " << safe_text(what) << '\n';
        return true;
    }

private:
    bool may_go(const fs::path& tape, const sdk::Result<TapeSummary>& summary) {
        if (!summary) {
            return console_.fail(summary.error().message() +
                                 " (--force deletes it all the same)") == 0;
        }
        if (summary->status != "recording") return true;
        return console_.fail(quoted(tape) +
                             " is still being recorded, or its recorder was killed "
                             "(--force deletes it all the same)") == 0;
    }

    const DeleteOptions& options_;
    Console& console_;
    const Question& ask_;
};

}  // namespace

Question terminal_question(Console& console) {
    if (::isatty(STDIN_FILENO) != 1) return nullptr;
    return [&console](const std::string& sentence) {
        console.errors() << safe_text(sentence) << " [y/N] " << std::flush;
        std::string answer;
        std::getline(std::cin, answer);
        return answer == "y" || answer == "Y" || answer == "yes";
    };
}

int run_delete(const DeleteOptions& options, const TapeChoice& choice, Console& console,
               const Question& ask) {
    Deletion deletion(options, console, ask);
    bool good = true;
    for (const std::string& wanted : options.tapes) {
        const auto tape = choice.find(wanted);
        if (!tape) {
            console.fail(tape.error());
            good = false;
        } else if (tape->extension() != ".jsonl") {
            console.fail(quoted(*tape) + " is no tape: its name doesn't end in .jsonl");
            good = false;
        } else {
            good = deletion.run(*tape) && good;
        }
    }
    return good ? 0 : 1;
}

}  // namespace shadowcat::tape
