// SPDX-License-Identifier: Apache-2.0
// BridgedCall: one request on its way to a session, and the client's exchanges that wait for it.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/reply_stream.hpp"

#include "core/bridge/to_sessions/bridge_context.hpp"
#include "core/bridge/to_sessions/call_dialogue.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// Two coroutines meet here. One performs the request on the session, from beginning to end. The
/// other belongs to the client's exchange, and takes what there is for it; when the server asks for
/// input it leaves, and another one comes with the client's retry.
class BridgedCall final : public sdk::ReplyStream,
                          public Askable,
                          public std::enable_shared_from_this<BridgedCall> {
public:
    BridgedCall(BridgeContext& context, StatelessClient client, sdk::Message request);

    /// Starts to perform the request. `rounds`: how often it has asked for input already.
    void start(std::size_t rounds);

    /// Serves the client's exchange until its response is written, or it has withdrawn.
    sdk::awaitable<> attend(Attendance client, sdk::ReplyStream& replies,
                            sdk::Cancellation& cancellation);

    /// As `attend`, for a client that brings `input_responses`, and now lets itself be asked
    /// `input`.
    sdk::awaitable<> resume(Attendance client, std::string input_responses, DeclaredInput input,
                            sdk::ReplyStream& replies, sdk::Cancellation& cancellation);
    bool understands(std::string_view input_responses) const {
        return dialogue_.understands(input_responses);
    }

    /// The client has not come back.
    void expire();

    // What the session says.
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;
    sdk::awaitable<> ask(sdk::Message question) override;

    /// Of the client that attends; 0 while none does.
    std::uint64_t stream() const noexcept override;
    void sever() noexcept override;

private:
    class Attending;

    static sdk::awaitable<> run(std::shared_ptr<BridgeContext> context,
                                std::shared_ptr<BridgedCall> call);
    sdk::awaitable<> perform();
    sdk::awaitable<> perform_on(std::shared_ptr<StandIn> stand_in);
    sdk::awaitable<> log_at(std::optional<std::size_t> severity);
    void failed(const sdk::Error& error);

    sdk::awaitable<> serve(const Attendance& client, sdk::ReplyStream& replies);
    sdk::awaitable<bool> take_step(const Attendance& client, sdk::ReplyStream& replies);
    sdk::awaitable<> say(sdk::Message message, sdk::ReplyStream& replies);
    sdk::awaitable<> ask_client(CallDialogue::Step step, const Attendance& client,
                                sdk::ReplyStream& replies);
    std::optional<sdk::Error> cannot_ask(const CallDialogue::Step& step) const;
    sdk::awaitable<> fail_client(sdk::Error error, const Attendance& client,
                                 sdk::ReplyStream& replies);
    const std::string& context_of_state();
    void withdraw();

    sdk::awaitable<> flush();
    void flush_later();
    static sdk::awaitable<> flush_now(std::shared_ptr<BridgeContext> context,
                                      std::shared_ptr<BridgedCall> call);
    void collect_later();
    static sdk::awaitable<> collect(std::shared_ptr<BridgeContext> context,
                                    std::shared_ptr<BridgedCall> call);

    BridgeContext& context_;
    const StatelessClient client_;
    sdk::Message request_;       // empty once it has been parked
    std::string state_context_;  // made when first needed
    CallDialogue dialogue_;
    std::shared_ptr<StandIn> stand_in_;
    std::optional<StandIn::LogDemand> log_demand_;
    Attending* attending_ = nullptr;
    sdk::Wakeup arrival_;  // the attending coroutine waits for something to do
    sdk::Wakeup room_;     // the session waits until its message was taken
    bool lost_ = false;    // the session, before anything was processed
    bool collecting_ = false;
};

}  // namespace shadowcat::core
