// SPDX-License-Identifier: Apache-2.0
// UpstreamScene: a link of the connector `http` (or `sse`) in front of a scripted server.
#pragma once

#include "http_connector.hpp"
#include "run_until.hpp"
#include "scripted_server.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::http::testing {

using Lines = std::vector<std::string>;

/// One caller: what its call wrote and how it ended.
class TestClient final : public ReplyStream {
public:
    awaitable<Result<void>> write(Message reply) override;
    awaitable<Result<void>> fail(Error, Message response) override {
        return write(std::move(response));
    }

    Lines got;
    Cancellation cancellation;
    std::optional<Result<void>> outcome;
    bool hold = false;  ///< wait for `released` in every write
    bool gone = false;  ///< fail every write
    Wakeup released;
};

class TestEvents final : public LinkEvents {
public:
    awaitable<> on_message(Message message) override {
        got.push_back(message.bytes());
        co_return;
    }
    void on_closed(const Error& error) override { closed.push_back(error.message()); }

    Lines got, closed;
};

enum class Transport { http, sse };

/// Everything on one worker. At the end all is closed, and nothing may be left.
class UpstreamScene {
public:
    explicit UpstreamScene(ScriptedServer::Script script, const Json& settings = Json::object(),
                           const LinkOptions& options = LinkOptions(),
                           std::optional<TlsContext> tls = std::nullopt,
                           Transport transport = Transport::http);
    ~UpstreamScene();

    /// Starts a call; `finish` or `wait` for what comes of it.
    void start(TestClient& client, std::string_view request);

    /// Runs until the call has ended; its outcome.
    Result<void> finish(TestClient& client);

    /// `start` and `finish`.
    Result<void> call(TestClient& client, std::string_view request);
    Result<void> send(std::string_view message);

    /// `initialize` with `id`, and `notifications/initialized`.
    void open_session();

    /// The same, with somebody who listens to what the server says by itself.
    void open_listening_session();

    void close();

    /// Another session with the same connector.
    std::unique_ptr<Link> open_link();

    template <class Condition>
    bool wait(Condition condition) {
        return run_until(worker, std::move(condition));
    }

    Worker worker;
    Metrics metrics;
    ScriptedServer server;
    TestEvents events;
    LinkOptions options;
    std::unique_ptr<Connector> connector;
    std::unique_ptr<Link> link;

private:
    awaitable<> perform(TestClient& client, Message request);
};

Message message(std::string_view text);

/// `config` with defaults filled in, as a connector gets it.
Json validated(const Json& config, const Schema& schema = HttpConnector::schema());

/// `{"jsonrpc":"2.0","id":ID,"result":{}}`
std::string result(const std::string& id);

inline constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})";
inline constexpr std::string_view kInitialized =
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
inline constexpr std::string_view kCall =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}})";
inline constexpr std::string_view kList = R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})";

/// Answers `initialize` with session `session-0123456789`, other requests with a result,
/// notifications with 202, GET with 405 and DELETE with 200.
ServerAnswer usual(const ServerRequest& request);

/// The id in a request's body, as it stands there.
std::string id_of(const ServerRequest& request);

/// One event, as servers write it.
std::string event(const std::string& data, const std::string& id = {});

/// Requests with `method` that `server` got.
std::size_t count(const ScriptedServer& server, const std::string& method);

/// Descriptors that this process has open.
std::size_t open_descriptors();

}  // namespace shadowcat::http::testing
