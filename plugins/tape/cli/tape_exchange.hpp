// SPDX-License-Identifier: Apache-2.0
// TapeExchange: one thing that happened on a tape, with ids, times and tokens taken out, so that
// two tapes can be compared.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "cli/pairing.hpp"
#include "format/tape_line.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace shadowcat::tape {

/// A client's request with its answer and what came along with it; or a message that belongs to no
/// request.
class TapeExchange {
public:
    std::string label;      ///< `tools/call echo`, safe to print
    std::string key;        ///< equal for exchanges that ask for the same
    std::uint64_t seq = 0;  ///< frame of its first message
    bool complete = false;

    /// `{"params": …, "result"|"error": …, "during": [{"method": …, "params": …}]}`
    sdk::Json document;

    std::size_t bytes = 0;  ///< of its messages
};

/// What of a message's params is compared: without `_meta`'s tokens and ids, with times and UUIDs
/// blanked in `key_of`.
sdk::Json comparable_params(const std::string& message);
std::string key_of(const std::string& label, const sdk::Json& params);

/// Puts exchanges together from frames, in the order of their requests. Bounded: an exchange that
/// takes longer than `kMaxWaiting` others, or whose successors take too much memory, comes out
/// without its answer.
class ExchangeQueue {
public:
    static constexpr std::size_t kMaxWaiting = 1000;
    static constexpr std::size_t kMaxBytes = 8 * 1024 * 1024;

    void add(const TapeLine& frame);

    /// No more frames come.
    void finish() { finished_ = true; }

    /// The next exchange of client requests and notifications; empty when none is ready.
    std::optional<TapeExchange> next();

    /// Messages of the server's that belong to no request, in their order.
    std::optional<TapeExchange> next_of_server();

private:
    void add_request(const TapeLine& frame);
    void add_answer(const TapeLine& frame, const PendingCall& call);
    void add_server_message(const TapeLine& frame);
    TapeExchange* find(std::uint64_t seq);

    Pairing pairing_;
    std::deque<TapeExchange> calls_;
    std::deque<TapeExchange> server_;
    std::unordered_map<std::uint64_t, std::uint64_t> frame_of_exchange_;
    std::size_t bytes_ = 0;
    bool finished_ = false;
};

}  // namespace shadowcat::tape
