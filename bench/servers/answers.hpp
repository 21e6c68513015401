// SPDX-License-Identifier: Apache-2.0
// What the benchmark's servers answer, whatever carries it.
#pragma once

#include "../wire/buffer.hpp"
#include "request.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bench {

/// A message in pieces: constants, and views into the request. Its length is known before a byte
/// is copied, which is what an HTTP head needs.
class Pieces {
public:
    void add(std::string_view piece) { pieces_[count_++] = piece; }
    std::size_t size() const;
    void append_to(Buffer& out) const;

private:
    std::array<std::string_view, 8> pieces_;
    std::size_t count_ = 0;
};

/// The answer to one message.
struct Answer {
    Request request;
    int status = 200;            ///< On HTTP; 202 when there is no message.
    std::uint64_t steps = 0;     ///< Progress notifications to send before `message`.
    bool opens_session = false;  ///< An `initialize` that succeeded.
    Pieces message;

    bool is_empty() const { return status == 202; }
};

/// Decides and words the answer; `text` must outlive it.
Answer answer_to(std::string_view text);

/// The progress notification number `step` (from 1) of an answer; `digits` keeps its number.
Pieces progress_message(const Answer& answer, std::uint64_t step, std::array<char, 48>& digits);

}  // namespace bench
