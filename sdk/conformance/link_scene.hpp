// SPDX-License-Identifier: Apache-2.0
// LinkScene: an open link of the connector under test, and clients that talk MCP through it.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include "stage.hpp"
#include "subject.hpp"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shadowcat::contract {

/// One call's receiver: what it got, and how the call ended.
class Client final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

    bool ended() const noexcept { return outcome.has_value(); }
    bool answered() const noexcept { return !received.empty() && received.back().is_response(); }

    std::vector<sdk::Message> received;
    std::optional<sdk::Result<void>> outcome;
    sdk::Cancellation cancellation;
    bool right_thread = true;

private:
    std::thread::id thread_ = std::this_thread::get_id();
};

/// What a link tells its owner.
class Owner final : public sdk::LinkEvents {
public:
    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

    std::vector<sdk::Message> received;
    std::optional<sdk::Error> closed;
    int times_closed = 0;
    bool right_thread = true;

private:
    std::thread::id thread_ = std::this_thread::get_id();
};

/// A connector with one link, opened at once. Everything is closed at the end.
class LinkScene {
public:
    /// Throws when the link can't be opened.
    explicit LinkScene(const sdk::LinkOptions& options = sdk::LinkOptions());
    ~LinkScene();

    /// The MCP handshake, as a client that can do everything.
    void initialize();

    /// Begins a call and returns; `client` must outlive it.
    void begin(Client& client, sdk::Message request);

    /// The response to a request; throws when there is none.
    sdk::Message ask(std::string_view method, const sdk::Json& params);

    /// What the tool said: the text of the first content.
    std::string tool_text(std::string_view tool, const sdk::Json& arguments);

    void close() { stage.run(link->close(), "Link::close"); }

    sdk::Metrics metrics;
    Owner owner;
    Stage stage;  // waits for what is left, so it goes before what that may use
    std::unique_ptr<sdk::Connector> connector;
    std::unique_ptr<sdk::Link> link;

private:
    sdk::awaitable<> perform(Client& client, sdk::Message request);

    int next_id_ = 1;
};

/// `tools/call` with an id of its own.
sdk::Message tool_call(std::string_view id, std::string_view tool, const sdk::Json& arguments,
                       std::string_view progress_token = {});

/// `message` as JSON; throws when it is none.
sdk::Json json_of(const sdk::Message& message);

/// The first text in the response to a `tools/call`.
std::string text_of(const sdk::Message& response);

}  // namespace shadowcat::contract
