// SPDX-License-Identifier: Apache-2.0
// Tape: one recording that is being made: its lines, files and metadata.
#pragma once

#include "format/tape_meta.hpp"
#include "record/options.hpp"
#include "record/tape_output.hpp"
#include "record/transcript.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Used by the writer's thread only. Lines are gathered; `flush` writes them.
class Tape {
public:
    /// `began`: when the first entry of `label` was queued.
    Tape(const Options& options, const Redactor& redactor, EventTexts& texts,
         std::string_view label, sdk::Era era, sdk::TimePoint began);

    /// Makes the file (and its directory). Gives 0 or an `errno`.
    int create();

    bool message(const Entry& entry);  ///< false: left out, for its method
    void event(const Entry& entry);
    void note(const Entry& entry) { transcript_.note(entry); }
    void loss(const Loss& loss, sdk::TimePoint at);

    /// The last lines; after it only `flush` and `finish`.
    void end(std::string_view reason, sdk::TimePoint at);
    bool ended() const noexcept { return ended_; }

    /// Gives 0 or an `errno`; what isn't written yet is kept.
    int flush();

    /// Writes the metadata; what fails there only costs the metadata.
    void describe(TapeMeta::Status status);

    /// What the metadata says went wrong last.
    void mark(std::string error) { error_ = std::move(error); }

    bool dirty() const noexcept { return !output_.text.empty(); }
    bool changed() const noexcept { return changed_; }  ///< since `describe`
    std::size_t pending() const noexcept { return output_.text.size(); }
    const std::filesystem::path& file() const noexcept { return output_.file(); }
    const std::string& session() const noexcept { return transcript_.init().session; }
    const TapeStats& stats() const noexcept { return transcript_.stats(); }

    /// Its file is gone: nothing is written any more.
    void discard() noexcept { gone_ = true; }

    /// Lets the descriptor go until there is something to write.
    void rest() noexcept { output_.rest(); }

    sdk::TimePoint used{};  ///< when something was last added

private:
    void added(std::size_t before, sdk::TimePoint at);
    void rotate(sdk::TimePoint at);

    const Options& options_;
    const std::chrono::system_clock::time_point created_;
    Transcript transcript_;
    TapeOutput output_;
    std::string error_;
    std::uint64_t rotate_at_;
    bool changed_ = true;
    bool ended_ = false;
    bool gone_ = false;
};

}  // namespace shadowcat::tape
