// SPDX-License-Identifier: Apache-2.0
// The MCP client at the other end: what we send it, and what we ask it and wait for.
#include "client.hpp"

#include <utility>

namespace demo {
namespace {

// Somebody may have to read a form and fill it in.
constexpr std::chrono::minutes kAnswerTimeout{10};

Json result_of(const Json& response) {
    const auto error = response.find("error");
    if (error == response.end()) return response.at("result");
    const int code = error->is_object() ? error->value("code", kInternalError) : kInternalError;
    const Json text = error->is_object() ? error->value("message", Json()) : Json();
    throw RpcError(code, text.is_string() ? text.get<std::string>() : "the client refused");
}

}  // namespace

void Client::notify(std::string_view method, Json params) {
    send(make_notification(method, std::move(params)));
}

std::int64_t Client::open() {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(++last_id_, std::nullopt);
    return last_id_;
}

std::optional<Json> Client::wait_for_answer(std::int64_t id, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    answered_.wait_for(lock, stop, kAnswerTimeout, [&] { return waiting_.at(id).has_value(); });
    std::optional<Json> answer = std::move(waiting_.at(id));
    waiting_.erase(id);
    return answer;
}

Json Client::ask(std::string_view method, Json params, const std::stop_token& stop) {
    const std::int64_t id = open();
    send(make_request(id, method, std::move(params)));
    const std::optional<Json> answer = wait_for_answer(id, stop);
    if (answer) return result_of(*answer);
    notify("notifications/cancelled", {{"requestId", id}});
    if (stop.stop_requested()) throw Cancelled();
    throw RpcError(kInternalError, "the client did not answer " + std::string(method) + " in time");
}

void Client::deliver(const Json& response) {
    const Json& id = response.at("id");
    if (!id.is_number_integer()) return;
    const std::lock_guard lock(mutex_);
    const auto waiting = waiting_.find(id.get<std::int64_t>());
    if (waiting == waiting_.end()) return;
    waiting->second = response;
    answered_.notify_all();
}

}  // namespace demo
