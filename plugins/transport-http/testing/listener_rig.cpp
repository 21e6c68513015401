// SPDX-License-Identifier: Apache-2.0
// Threads, start and stop of the listener's tests.
#include "testing/listener_rig.hpp"

#include "http_listener.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <future>

namespace shadowcat::http {

namespace {

constexpr auto kPatience = std::chrono::seconds(20);

/// As the program does: OpenSSL writes to sockets whose other end may be gone.
const auto kSigpipeIgnored = std::signal(SIGPIPE, SIG_IGN);

std::vector<std::unique_ptr<Worker>> make_workers(std::size_t count) {
    std::vector<std::unique_ptr<Worker>> workers;
    for (std::size_t index = 0; index < count; ++index)
        workers.push_back(std::make_unique<Worker>(index));
    return workers;
}

Root fulfil(Executor /*executor*/, awaitable<> task, std::promise<void> over) {
    try {
        co_await std::move(task);
        over.set_value();
    } catch (...) {
        over.set_exception(std::current_exception());
    }
}

void run_worker(Worker& worker) {
    const auto guard = asio::make_work_guard(worker.context());
    worker.run();
}

Json listener_config(const Json& overrides) {
    Json config = {{"bind_address", "127.0.0.1:0"}};
    config.update(overrides);
    std::vector<ConfigError> errors;
    Json valid = validate(http_listener_schema(), config, "", errors);
    for (const ConfigError& error : errors)
        FAIL(error.path << ": " << error.message);
    return valid;
}

}  // namespace

ListenerRig::ListenerRig(const Json& config, std::size_t workers)
    : workers_(make_workers(workers)), host(workers_) {
    listener = HttpListener::make(listener_config(config), host);
    for (const auto& worker : workers_)
        threads_.emplace_back(run_worker, std::ref(*worker));
    for (std::size_t index = 0; index < workers; ++index)
        run(index, begin());  // a worker that has not begun can't be stopped
    run(0, start_listener());
    running_ = started.has_value();
    const std::string address = listener->address();
    port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

awaitable<> ListenerRig::begin() { co_return; }

awaitable<> ListenerRig::start_listener() { started = co_await listener->start(); }

ListenerRig::~ListenerRig() {
    stop();
    for (const auto& worker : workers_)
        worker->stop();
    for (std::thread& thread : threads_)
        thread.join();
}

void ListenerRig::stop() {
    if (!running_) return;
    running_ = false;
    for (std::size_t index = 0; index < workers_.size(); ++index)
        run(index, host.service(index).end_all());
    run(0, listener->stop());
}

void ListenerRig::run(std::size_t index, awaitable<> task) {
    const Executor executor = workers_[index]->executor();
    std::promise<void> over;
    std::future<void> done = over.get_future();
    asio::dispatch(executor, fulfil(executor, std::move(task), std::move(over)));
    REQUIRE(done.wait_for(kPatience) == std::future_status::ready);
    done.get();
}

void ListenerRig::wait_for_tick(std::size_t index) { run(index, next_tick(*workers_[index])); }

/// Registered last, so that the listener's own callbacks have run.
awaitable<> ListenerRig::next_tick(Worker& worker) {
    Wakeup ticked;
    const auto notify = [&ticked] { ticked.notify(); };
    const Worker::Tick tick =
        worker.every_tick([&worker, notify](TimePoint) { asio::post(worker.context(), notify); });
    co_await ticked.wait();
}

void ListenerRig::stop_accepting() { run(0, close_acceptor()); }

awaitable<> ListenerRig::close_acceptor() {
    listener->stop_accepting();
    co_return;
}

std::string ListenerRig::open_session(RawClient& client) const {
    const Response response = client.ask(post(kInitialize));
    CHECK(response.status == 200);
    return response.field("mcp-session-id");
}

std::string post(std::string_view body, std::string_view fields) {
    std::string text =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Accept: application/json, text/event-stream\r\n";
    text.append(fields).append("Content-Length: ").append(std::to_string(body.size()));
    return text.append("\r\n\r\n").append(body);
}

std::string post_in(std::string_view session, std::string_view body) {
    return post(body, "Mcp-Session-Id: " + std::string(session) + "\r\n");
}

std::string request(std::string_view method, std::string_view fields, std::string_view path) {
    std::string text(method);
    text.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    return text.append(fields).append("\r\n");
}

}  // namespace shadowcat::http
