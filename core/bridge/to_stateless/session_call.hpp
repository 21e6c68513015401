// SPDX-License-Identifier: Apache-2.0
// SessionCall: one request of a session performed by a stateless server.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "core/bridge/to_stateless/input_round.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::core {

class SessionBridge;

/// Lives in the frame of `SessionBridge::call`. Stands between the server's link and the client:
/// translates, and when the server asks for input asks the client, as often as it takes.
class SessionCall final : public sdk::ReplyStream {
public:
    SessionCall(SessionBridge& bridge, const sdk::Message& request, sdk::ReplyStream& client,
                sdk::Cancellation& cancellation);
    ~SessionCall() override;
    SessionCall(const SessionCall&) = delete;
    SessionCall& operator=(const SessionCall&) = delete;

    /// As `Link::call`.
    sdk::awaitable<sdk::Result<void>> run(sdk::Message request);

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;
    std::uint64_t stream() const noexcept override { return client_.stream(); }
    void sever() noexcept override { client_.sever(); }

    /// Whether the client was asked under this id, and hasn't answered.
    bool awaits(std::string_view id) const { return round_ && round_->awaits(id); }
    void answered(const sdk::Message& response);

    /// The link has ended: nobody waits any more.
    void end(const sdk::Error& error);

private:
    /// What becomes of a call after the server has asked for input.
    enum class Next : std::uint8_t { again, answered };

    sdk::awaitable<sdk::Result<Next>> ask_client();
    sdk::awaitable<sdk::Result<void>> put_questions();
    sdk::awaitable<> wait_for_answers();
    sdk::awaitable<> withdraw_questions();
    sdk::awaitable<> pause();
    sdk::awaitable<sdk::Result<Next>> refuse(std::string why);
    std::optional<sdk::Error> stopped() const;

    SessionBridge& bridge_;
    sdk::ReplyStream& client_;
    sdk::Cancellation& cancellation_;
    const std::string id_;
    const std::string method_;
    const bool may_ask_;
    std::optional<sdk::Message> kept_;   // what the server got first
    std::optional<sdk::Message> asked_;  // its request for input
    std::optional<InputRound> round_;
    std::size_t rounds_ = 0;
    std::size_t empty_rounds_ = 0;  // in a row, without a question
    std::optional<sdk::Error> ended_;
    sdk::Wakeup wakeup_;
};

}  // namespace shadowcat::core
