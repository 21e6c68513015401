// SPDX-License-Identifier: Apache-2.0
// StdioListener: one client on our own stdin and stdout.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/listener.hpp"

#include "batch_answer.hpp"
#include "line_framer.hpp"
#include "line_output.hpp"
#include "listener_options.hpp"
#include "own_descriptor.hpp"
#include "stateless_side.hpp"

#include <memory>
#include <optional>
#include <string>

namespace shadowcat::transport_stdio {

/// Opens one session for the client and ends it, and itself, with stdin. What the client says in
/// the era without sessions goes to a conversation beside it. In a session of 2025-03-26 a line may
/// be a batch.
class StdioListener final : public sdk::Listener {
public:
    /// `input` and `output` are duplicated and stay open.
    StdioListener(const ListenerOptions& options, sdk::ListenerHost& host, int input, int output);
    ~StdioListener() override;

    sdk::awaitable<sdk::Result<void>> start() override;
    std::string address() const override { return "stdio"; }

    /// Nothing to refuse: the one client there can be is connected.
    void stop_accepting() noexcept override {}

    sdk::awaitable<> stop() override;

private:
    sdk::Result<void> open_streams();
    class InFlight;

    sdk::awaitable<> read_input();
    sdk::awaitable<> take_lines();
    sdk::awaitable<> take(std::string line);
    sdk::awaitable<> take_text(std::string line, sdk::Error why);
    bool takes_batches() const;
    sdk::awaitable<> take_batch(const std::string& line);
    sdk::awaitable<> take_request(sdk::Message request);
    sdk::awaitable<> pass_on(sdk::Message message);
    std::shared_ptr<sdk::ClientSession> receiver_of(const sdk::Message& message) const;
    sdk::awaitable<> wait_for_room();
    sdk::awaitable<> perform(sdk::Message request);
    sdk::awaitable<> perform_stateless(sdk::Message request);
    sdk::awaitable<> perform_in_batch(sdk::Message request, std::shared_ptr<BatchAnswer> answer);
    sdk::awaitable<> refuse(const sdk::Error& error);
    sdk::awaitable<> write_output();
    void let_go_of_client();
    sdk::awaitable<> listen();
    sdk::awaitable<> wind_down();
    void begin_wind_down(const char* reason);

    ListenerOptions options_;
    sdk::ListenerHost& host_;
    sdk::Worker& worker_;
    int input_descriptor_, output_descriptor_;
    std::optional<OwnDescriptor> own_input_, own_output_;  // restore flags when destroyed
    std::optional<Stream> input_;
    std::optional<LineOutput> output_;
    bool passes_text_;
    LineFramer framer_;
    std::shared_ptr<sdk::ClientSession> session_;
    StatelessSide stateless_;
    std::size_t in_flight_ = 0;
    std::size_t awaited_ = 0;  // of them, for the end to wait for
    sdk::Wakeup room_;         // the reader waits for fewer requests in flight
    sdk::Timer drain_limit_;   // the end waits for none
    sdk::Gate tasks_;          // every coroutine but start and stop
    bool winding_down_ = false;
};

}  // namespace shadowcat::transport_stdio
