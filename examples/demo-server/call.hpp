// SPDX-License-Identifier: Apache-2.0
// One tools/call in flight, and the set of those that run in the background.
#pragma once

#include "client.hpp"
#include "json_rpc.hpp"
#include "session.hpp"
#include "stateless.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace demo {

/// Thrown where a stateless call can't go on without the client's answer to a question: it ends
/// with that question, and the client comes back with a new call that brings the answer along.
class InputRequired {
public:
    InputRequired(std::string key, Json question)
        : key_(std::move(key)), question_(std::move(question)) {}

    Json to_result() const;

private:
    std::string key_;
    Json question_;
};

/// Nothing of a call reaches the client once the client has cancelled it.
class Call {
public:
    Call(Client& client, const Session& session, const Json& request, Terms terms);

    const Json& id() const { return id_; }
    bool is_stateless() const { return terms_.stateless; }
    bool client_can(std::string_view capability) const;

    /// Sends a progress notification if the client asked for them.
    void progress(std::int64_t done, std::int64_t total, const std::string& text);
    /// False when the client doesn't want messages of this level.
    bool log(const std::string& level, const std::string& text);
    /// Asks the client something on behalf of this call; throws InputRequired where it can't be
    /// asked before the call has ended.
    Json ask_client(std::string_view method, Json params);
    /// Throws Cancelled when the call is cancelled before the time is over.
    void sleep(std::chrono::milliseconds duration);
    void answer(Json result);
    void send(const Json& message);
    void cancel();

private:
    Client& client_;
    const Session& session_;
    Json id_;
    Terms terms_;
    Json progress_token_;
    int questions_ = 0;
    std::mutex mutex_;
    bool cancelled_ = false;
    std::condition_variable_any woken_;
    std::stop_source stop_;
};

/// Runs calls that take their time, each on a thread of its own.
class BackgroundCalls {
public:
    using Work = std::function<void(Call&)>;

    ~BackgroundCalls() { stop_all(); }

    /// False when too many calls are running already.
    bool start(std::shared_ptr<Call> call, Work work);
    /// Ids that are not running are ignored.
    void cancel(const Json& id);
    /// Cancels every call and waits for their threads.
    void stop_all();

private:
    struct Running {
        std::shared_ptr<Call> call;
        std::atomic<bool> done = false;
        std::jthread thread;
    };

    std::mutex mutex_;
    std::list<Running> running_;
};

}  // namespace demo
