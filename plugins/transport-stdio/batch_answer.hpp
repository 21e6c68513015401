// SPDX-License-Identifier: Apache-2.0
// BatchAnswer: gathers the responses to one batch of a client (MCP 2025-03-26) into one line.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"

#include "line_output.hpp"

#include <cstddef>
#include <string>

namespace shadowcat::transport_stdio {

/// Shared by what performs the requests of the batch. Each of them, and who begins them, enters
/// once and leaves once; the last one writes the line: an array, or the response alone if there is
/// one. JSON-RPC 2.0, section 6.
class BatchAnswer {
public:
    explicit BatchAnswer(LineOutput& output) : output_(output) {}

    void enter() { ++inside_; }
    sdk::awaitable<> leave();

private:
    friend class BatchReplies;

    void add(sdk::Message response);

    LineOutput& output_;
    std::string responses_;  // separated by commas
    std::size_t count_ = 0;
    std::size_t inside_ = 0;
};

/// Where one request of a batch is answered: its response is gathered, everything else goes out at
/// once.
class BatchReplies final : public sdk::ReplyStream {
public:
    explicit BatchReplies(BatchAnswer& answer) : answer_(answer) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    void sever() noexcept override { answer_.output_.sever(); }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

private:
    BatchAnswer& answer_;
};

}  // namespace shadowcat::transport_stdio
