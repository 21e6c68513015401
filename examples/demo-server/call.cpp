// SPDX-License-Identifier: Apache-2.0
// One tools/call in flight, and the set of those that run in the background.
#include "call.hpp"

#include <utility>

namespace demo {
namespace {

constexpr std::size_t kMaxBackgroundCalls = 256;

}  // namespace

Json InputRequired::to_result() const {
    Json requests = Json::object();
    requests[key_] = question_;
    return {{"resultType", "input_required"}, {"inputRequests", std::move(requests)}};
}

Call::Call(Client& client, const Session& session, const Json& request, Terms terms)
    : client_(client),
      session_(session),
      id_(request.at("id")),
      terms_(std::move(terms)),
      progress_token_(meta_of(request).value("progressToken", Json())) {}

bool Call::client_can(std::string_view capability) const {
    return terms_.stateless ? declares(terms_.client_capabilities, capability)
                            : session_.client_can(capability);
}

void Call::progress(std::int64_t done, std::int64_t total, const std::string& text) {
    if (!is_id(progress_token_)) return;
    send(make_notification("notifications/progress", {{"progressToken", progress_token_},
                                                      {"progress", done},
                                                      {"total", total},
                                                      {"message", text}}));
}

bool Call::log(const std::string& level, const std::string& text) {
    const std::size_t rank = log_rank(level);
    const bool wanted =
        terms_.stateless ? terms_.log_rank && rank >= *terms_.log_rank : session_.wants_log(level);
    if (!wanted) return false;
    send(make_notification("notifications/message",
                           {{"level", level}, {"logger", "demo"}, {"data", text}}));
    return true;
}

Json Call::ask_client(std::string_view method, Json params) {
    if (!terms_.stateless) return client_.ask(method, std::move(params), stop_.get_token());
    // The call starts over with every attempt, so that a question's number names it.
    std::string key = "question-" + std::to_string(++questions_);
    const auto response = terms_.input_responses.find(key);
    if (response == terms_.input_responses.end()) {
        throw InputRequired(std::move(key), {{"method", method}, {"params", std::move(params)}});
    }
    if (response->is_object()) return *response;
    throw RpcError(kInvalidParams, "Invalid params: an input response must be an object");
}

void Call::sleep(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop_.get_token(), duration, [] { return false; });
    if (stop_.stop_requested()) throw Cancelled();
}

void Call::answer(Json result) {
    if (terms_.stateless) result = stateless_result(std::move(result));
    send(make_result(id_, std::move(result)));
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
