// SPDX-License-Identifier: Apache-2.0
// SseStreams: the open streams of the deprecated HTTP+SSE pair (2024-11-05), found by their tokens.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shadowcat::http {

class SseStream;

/// One per worker and used there only, but for `worker_of`. Tokens are secrets of 128 random bits
/// that begin with the number of the worker.
class SseStreams {
public:
    explicit SseStreams(std::size_t worker) : worker_(worker) {}

    /// The stream that `token` names, if it was opened by `principal`; else null.
    SseStream* find(std::string_view token, std::string_view principal) const;

    /// The number in front of a token; none for what can't be one.
    static std::optional<std::size_t> worker_of(std::string_view token) noexcept;

    /// A stream's place in the table for as long as it lives.
    class Entry {
    public:
        Entry(SseStreams& streams, SseStream& stream);
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;
        ~Entry() { remove(); }

        const std::string& token() const noexcept { return token_; }

        /// Nobody finds the stream any more. May be repeated.
        void remove() noexcept { streams_.by_token_.erase(token_); }

    private:
        SseStreams& streams_;
        const std::string token_;
    };

private:
    std::string mint() const;

    std::size_t worker_;
    std::unordered_map<std::string, SseStream*> by_token_;
};

}  // namespace shadowcat::http
