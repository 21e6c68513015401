// SPDX-License-Identifier: Apache-2.0
// StdioListener: one client on our own stdin and stdout.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/listener.hpp"

#include "line_framer.hpp"
#include "line_output.hpp"
#include "own_descriptor.hpp"

#include <memory>
#include <optional>
#include <string>

namespace shadowcat::transport_stdio {

class ListenerOptions {
public:
    static sdk::Schema schema();

    /// From a value that passed the schema.
    explicit ListenerOptions(const sdk::Json& config);

    sdk::ParseLimits limits;
    std::size_t max_in_flight;
    sdk::Duration drain;
    sdk::Duration write_patience;
};

/// Opens one session for the client and ends it, and itself, with stdin.
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
    sdk::awaitable<> begin_request(sdk::Message request);
    sdk::awaitable<> perform(sdk::Message request);
    sdk::awaitable<> refuse(const sdk::Error& error);
    sdk::awaitable<> write_output();
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
    LineFramer framer_;
    std::shared_ptr<sdk::ClientSession> session_;
    std::size_t in_flight_ = 0;
    sdk::Wakeup room_;        // the reader waits for fewer requests in flight
    sdk::Timer drain_limit_;  // the end waits for none
    sdk::Gate tasks_;         // every coroutine but start and stop
    bool winding_down_ = false;
};

}  // namespace shadowcat::transport_stdio
