// SPDX-License-Identifier: Apache-2.0
// The reader's face; its inside is tape_state.cpp.
#include "format/tape_reader.hpp"

#include "format/tape_state.hpp"

namespace shadowcat::tape {

TapeReader::TapeReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
TapeReader::TapeReader(TapeReader&&) noexcept = default;
TapeReader& TapeReader::operator=(TapeReader&&) noexcept = default;
TapeReader::~TapeReader() = default;

sdk::Result<TapeReader> TapeReader::open(const std::filesystem::path& file) {
    auto chain = PartChain::open(file);
    if (chain.has_error()) return chain.error();
    auto state = std::make_unique<State>(*std::move(chain));
    const auto begun = state->begin();
    if (begun.has_error()) {
        const std::string& why = begun.error().message();
        return sdk::Error(begun.error().code(),
                          "\"" + file.string() + "\" is no tape that can be read: " + why);
    }
    return TapeReader(std::move(state));
}

const TapeInit& TapeReader::init() const noexcept { return state_->init; }

std::optional<TapeLine> TapeReader::next() { return state_->next(); }

void TapeReader::seek_frame(std::uint64_t seq) {
    state_->seek(state_->index.before_seq(seq),
                 [seq](const LineParser::Position& frame) { return frame.seq >= seq; });
}

void TapeReader::seek_time(double ts_ms) {
    state_->seek(state_->index.before_time(ts_ms),
                 [ts_ms](const LineParser::Position& frame) { return frame.ts_ms >= ts_ms; });
}

std::uint64_t TapeReader::bytes_read() const noexcept { return state_->parts.bytes_read(); }
std::uint64_t TapeReader::bytes_total() const noexcept { return state_->parts.bytes_total(); }

const std::vector<TapeProblem>& TapeReader::problems() const noexcept {
    return state_->problems.kept;
}

std::uint64_t TapeReader::problem_count() const noexcept { return state_->problems.count; }

}  // namespace shadowcat::tape
