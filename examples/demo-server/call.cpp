// SPDX-License-Identifier: Apache-2.0
// One tools/call in flight, and the set of those that run in the background.
#include "call.hpp"

#include <utility>

namespace demo {
namespace {

constexpr std::size_t kMaxBackgroundCalls = 256;

Json progress_token_of(const Json& request) {
    const Json& params = params_of(request);
    const auto meta = params.find("_meta");
    if (meta == params.end() || !meta->is_object()) return nullptr;
    return meta->value("progressToken", Json());
}

}  // namespace

Call::Call(Client& client, const Json& request)
    : client_(client), id_(request.at("id")), progress_token_(progress_token_of(request)) {}

void Call::progress(std::int64_t done, std::int64_t total, const std::string& text) {
    if (!is_id(progress_token_)) return;
    send(make_notification("notifications/progress", {{"progressToken", progress_token_},
                                                      {"progress", done},
                                                      {"total", total},
                                                      {"message", text}}));
}

Json Call::ask_client(std::string_view method, Json params) {
    return client_.ask(method, std::move(params), stop_.get_token());
}

void Call::sleep(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop_.get_token(), duration, [] { return false; });
    if (stop_.stop_requested()) throw Cancelled();
}

void Call::send(const Json& message) {
    const std::lock_guard lock(mutex_);
    if (!cancelled_) client_.send(message);
}

void Call::cancel() {
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    stop_.request_stop();
}

bool BackgroundCalls::start(std::shared_ptr<Call> call, Work work) {
    const std::lock_guard lock(mutex_);
    running_.remove_if([](const Running& running) { return running.done.load(); });
    if (running_.size() >= kMaxBackgroundCalls) return false;
    Running& running = running_.emplace_back();
    running.call = std::move(call);
    running.thread = std::jthread([&running, work = std::move(work)] {
        work(*running.call);
        running.done = true;
    });
    return true;
}

void BackgroundCalls::cancel(const Json& id) {
    const std::lock_guard lock(mutex_);
    for (Running& running : running_) {
        if (running.call->id() == id) running.call->cancel();
    }
}

void BackgroundCalls::stop_all() {
    const std::lock_guard lock(mutex_);
    for (Running& running : running_)
        running.call->cancel();
    running_.clear();
}

}  // namespace demo
