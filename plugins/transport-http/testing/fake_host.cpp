// SPDX-License-Identifier: Apache-2.0
// The methods that fake sessions know, and what they do.
#include "testing/fake_host.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace shadowcat::http {

namespace {

constexpr auto kInitialized =
    R"({"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"fake","version":"1"}})";

constexpr std::array<std::string_view, 1> kStateless = {"2026-07-28"};

constexpr auto kPatience = std::chrono::seconds(10);

ErrorCode code_named(std::string_view text) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::unsupported); ++code) {
        if (name(static_cast<ErrorCode>(code)) == text) return static_cast<ErrorCode>(code);
    }
    throw std::logic_error("no such error code");
}

}  // namespace

void Journal::add(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    added_.notify_all();
}

std::size_t Journal::count(const std::string& event) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count(events_, event));
}

bool Journal::has(const std::string& event) const { return count(event) > 0; }

std::size_t Journal::count_any(const std::string& start) const {
    const auto begins = [&](const std::string& each) { return each.starts_with(start); };
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(events_, begins));
}

bool Journal::wait_for(const std::string& event, std::size_t times) const {
    const auto often_enough = [&] {
        return static_cast<std::size_t>(std::ranges::count(events_, event)) >= times;
    };
    std::unique_lock lock(mutex_);
    return added_.wait_for(lock, kPatience, often_enough);
}

awaitable<> FakeSession::request(Message request, ReplyStream& replies) {
    const std::string id(request.id());
    const std::string method(request.method());
    const std::string argument(request.name());
    if (method == "trace") {
        const std::string trace(request.traceparent());
        co_await replies.write(make_result(id, quote_json(trace)));
    } else if (method == "initialize") {
        const bool good = argument != "bad";
        if (!request.protocol_version().empty()) revision_ = request.protocol_version();
        Message answer =
            good ? make_result(id, kInitialized) : make_error(id, json_rpc::kInvalidParams, "no");
        co_await replies.write(std::move(answer));
    } else if (method == "where") {
        co_await replies.write(make_result(id, std::to_string(current_worker())));
    } else if (method == "stream") {
        co_await replies.write(make_result(id, std::to_string(replies.stream())));
    } else if (method == "sever") {
        if (argument == "late") co_await replies.write(make_notification("note"));
        replies.sever();
        const auto written = co_await replies.write(make_result(id, "{}"));
        journal_.add(written ? "severed in vain" : "severed");
    } else if (method == "big") {
        const std::string text(std::stoul(argument), 'x');
        co_await replies.write(make_result(id, quote_json(text)));
    } else if (method == "notes") {
        co_await stream_notes(request, replies);
    } else if (method == "events") {
        co_await stream_events(request, replies);
    } else if (method == "flood") {
        co_await flood(replies);
    } else if (method == "hold") {
        journal_.add("held");
        co_await released_.wait();
        if (cancelled_) co_return journal_.add("hold cancelled");
        const auto written = co_await replies.write(make_result(id, "\"released\""));
        journal_.add(written ? "hold answered" : "hold discarded");
    } else if (method == "hold open") {
        co_await replies.write(make_notification("note"));
        co_await released_.wait();
        if (cancelled_) co_return journal_.add("hold cancelled");
        co_await replies.write(make_result(id, "\"released\""));
    } else if (method == "tools/call") {
        co_await replies.write(make_result(id, quote_json(argument)));
    } else if (method == "error") {
        co_await replies.write(make_error(id, std::stoi(argument), "as asked", "{\"n\":1}"));
    } else if (method == "note and error") {
        co_await replies.write(make_notification("note"));
        co_await replies.write(make_error(id, std::stoi(argument), "as asked"));
    } else if (method == "fail") {
        co_await fail(argument, request, replies);
    } else if (method == "throw") {
        throw std::runtime_error("thrown by the core");
    } else if (method != "silent") {
        co_await replies.write(make_error(id, json_rpc::kMethodNotFound, "no such method"));
    }
}

awaitable<> FakeSession::stream_notes(Message& request, ReplyStream& replies) {
    auto pretty = Message::parse("{\n  \"jsonrpc\": \"2.0\",\r\n  \"method\": \"note\"\n}");
    co_await replies.write(std::move(pretty).value());
    co_await replies.write(make_request("\"server-1\"", "ask"));
    if (request.name() == "fail") {
        Error error(ErrorCode::crashed, "gone");
        Message response = make_error(request.id(), error);
        co_await replies.fail(std::move(error), std::move(response));
    } else if (request.name() != "cancelled") {
        co_await replies.write(make_result(request.id(), "{}"));
    }
}

/// Named events from `a.0` on. As `plain` only the response, as `open` all but the response.
awaitable<> FakeSession::stream_events(Message& request, ReplyStream& replies) {
    const std::string argument(request.name());
    co_await replies.prime("a.0");
    if (argument != "plain") {
        co_await replies.write_event(make_notification("note"), "a.1");
        if (argument == "odd") co_await replies.write_event(make_notification("odd"), "a b\n");
        journal_.add("status " + std::to_string(replies.status()));
    }
    if (argument == "open") co_return;
    Message result = make_result(request.id(), "{}");
    co_await replies.write_event(std::move(result), "a.2");
    journal_.add("answered with status " + std::to_string(replies.status()));
}

/// The rest of what `stream_events` wrote.
awaitable<Result<void>> FakeSession::resume_events(ReplyStream& stream, std::string_view after) {
    if (after == "a.0") co_await stream.write_event(make_notification("note"), "a.1");
    Message result = make_result("\"call-1\"", "{}");
    co_await stream.write_event(std::move(result), "a.2");
    const auto written = co_await stream.write(make_notification("too late"));
    journal_.add(written ? "written after the response" : "closed after the response");
    co_return Result<void>();
}

awaitable<> FakeSession::flood(ReplyStream& replies) {
    const std::string params = "{\"text\":" + quote_json(std::string(100000, 'f')) + "}";
    bool taken = true;
    for (int i = 0; taken && i < 10000; ++i) {
        const auto written = co_await replies.write(make_notification("note", params));
        taken = written.has_value();
    }
    journal_.add(taken ? "flood ended" : "flood refused");
}

awaitable<> FakeSession::fail(std::string_view code, Message& request, ReplyStream& replies) {
    Error error(code_named(code), "failed as asked", ErrorSource::upstream);
    Message response = make_error(request.id(), error);
    co_await replies.fail(std::move(error), std::move(response));
}

awaitable<Result<void>> FakeSession::notify(Message message) {
    journal_.add("notified " + std::string(message.method()) + " on worker " +
                 std::to_string(current_worker()));
    if (message.method() == "release") released_.notify();
    if (message.method() == "notifications/cancelled") {
        journal_.add("cancelled " + std::string(message.cancelled_id()));
        cancelled_ = true;
        released_.notify();
    }
    if (message.method() == "say") {
        const std::string argument(message.name());
        const std::string text(argument.empty() ? 0 : std::stoul(argument), 's');
        outbox_.try_push(
            make_notification("said", text.empty() ? text : "{\"text\":\"" + text + "\"}"));
    }
    if (message.method() == "name") names_events_ = true;
    if (message.method() == "refuse") co_return Error(ErrorCode::blocked, "refused as asked");
    if (message.method() == "crash") co_return upstream_error(ErrorCode::crashed, "gone");
    co_return Result<void>();
}

/// With event ids after a notification `name`: `s.0` primes, `s.1` is the first that was said.
awaitable<Result<void>> FakeSession::listen(ReplyStream& stream, std::string_view last_event_id) {
    if (!last_event_id.empty()) journal_.add("resumed after " + std::string(last_event_id));
    if (last_event_id.starts_with("a.")) {
        auto rest = resume_events(stream, last_event_id);
        co_return co_await std::move(rest);
    }
    if (names_events_ && last_event_id.empty()) co_await stream.prime("s.0");
    listening_ = true;
    stop_listening_ = false;
    journal_.add("listening");
    bool open = true;
    while (open) {
        std::optional<Message> next = co_await outbox_.pop();
        open = next.has_value() && !stop_listening_;
        if (!open) break;
        const std::string id = "s." + std::to_string(++said_);
        auto writing = names_events_ ? stream.write_event(*std::move(next), id)
                                     : stream.write(*std::move(next));
        const auto written = co_await std::move(writing);
        open = written.has_value();
    }
    listening_ = false;
    journal_.add("listening ended");
    co_return Result<void>();
}

Result<void> FakeSession::can_listen(std::string_view last_event_id) const {
    if (last_event_id == "gone") return Error(ErrorCode::unknown_session, "no such session");
    if (last_event_id.starts_with("a.")) return {};
    if (!last_event_id.empty() && !last_event_id.starts_with("s.")) {
        return downstream_error(ErrorCode::invalid_request, "this session has no such event");
    }
    if (!listening_) return {};
    return downstream_error(ErrorCode::invalid_request, "there is a stream already");
}

void FakeSession::stop_listening(const ReplyStream&) {
    journal_.add("listening stopped");
    stop_listening_ = true;
    outbox_.try_push(make_notification("wake"));
}

awaitable<> FakeSession::end() {
    if (ended_) co_return;
    ended_ = true;
    journal_.add(id_.empty() ? "conversation ended" : "ended " + id_);
    released_.notify();
    outbox_.close();
}

Result<std::shared_ptr<ClientSession>> FakeService::open(const ClientInfo& client) {
    if (sessions_.size() >= max_sessions)
        return Error(ErrorCode::session_limit, "too many sessions");
    const std::string id = std::to_string(worker_) + "-" + std::to_string(++opened_);
    const auto session = std::make_shared<FakeSession>(id, client.principal, journal_);
    sessions_.emplace(id, session);
    journal_.add("opened " + id);
    journal_.add("opened by '" + std::string(client.principal) + "'");
    journal_.add("opened from " + std::string(client.peer));
    return std::shared_ptr<ClientSession>(session);
}

Result<std::shared_ptr<ClientSession>> FakeService::find(std::string_view id,
                                                         const ClientInfo& client) {
    if (current_worker() != worker_) throw std::logic_error("found on the wrong worker");
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second->ended() ||
        found->second->principal != client.principal) {
        return Error(ErrorCode::unknown_session, "no such session");
    }
    return std::shared_ptr<ClientSession>(found->second);
}

std::span<const std::string_view> FakeService::stateless_revisions() const noexcept {
    if (serves_stateless) return kStateless;
    return {};
}

Result<std::shared_ptr<ClientSession>> FakeService::open_stateless(const ClientInfo& client) {
    if (max_sessions == 0) return Error(ErrorCode::unavailable, "no more conversations");
    const auto made = std::make_shared<FakeSession>("", client.principal, journal_);
    conversations_.push_back(made);
    journal_.add("conversation by '" + std::string(client.principal) + "'");
    return std::shared_ptr<ClientSession>(made);
}

std::optional<std::string> FakeService::mirror_mismatch(
    const Message& call, std::span<const MirroredHeader> headers) const {
    const std::string region = json::unquote(json::at(call.params(), {"arguments", "region"}));
    const auto differs = [&](const MirroredHeader& each) {
        return equals_ignoring_case(each.name, "Region") && each.value != region;
    };
    if (std::ranges::none_of(headers, differs)) return std::nullopt;
    return "the Mcp-Param-Region header and the argument differ";
}

awaitable<> FakeService::end_all() {
    for (const auto& [id, session] : sessions_)
        co_await session->end();
    for (const auto& conversation : conversations_)
        co_await conversation->end();
}

awaitable<> FakeService::release_all() {
    for (const auto& conversation : conversations_)
        conversation->release();
    co_return;
}

FakeHost::FakeHost(std::vector<std::unique_ptr<Worker>>& workers) {
    for (const auto& worker : workers) {
        workers_.push_back(worker.get());
        services_.push_back(std::make_unique<FakeService>(worker->index(), journal));
    }
}

std::size_t FakeHost::worker_of(std::string_view id) const noexcept {
    const auto digit = static_cast<unsigned char>(id.empty() ? '0' : id.front());
    return digit % 2 % workers_.size();  // '0' is even
}

bool FakeHost::has_page(std::string_view path) const {
    return path == "/health" || path == "/sick" || path == "/act";
}

awaitable<Page> FakeHost::page(PageRequest request, Worker&) {
    journal.add("page " + request.method + " " + request.path + " " + request.query);
    const bool acts = request.path == "/act";
    if ((request.method == "POST") != acts) {
        Page refused(405, "text/plain", "no");
        refused.allow = acts ? "POST" : "GET, HEAD";
        co_return refused;
    }
    const bool well = request.path != "/sick";
    co_return well ? Page(200, "application/json", R"({"status":"ok"})")
                   : Page(503, "text/plain", "sick");
}

void FakeHost::refused(const ExchangeRecord& record) noexcept {
    std::string text(record.outcome);
    text.append(" ").append(std::to_string(record.status)).append(" ").append(record.reason);
    text.append(" method=").append(record.method);
    text.append(" bytes=").append(std::to_string(record.bytes_in));
    text.append(" code=").append(std::to_string(record.error_code));
    if (!record.peer.starts_with("127.0.0.1:")) text.append(" without peer");
    journal.add(std::move(text));
}

std::int64_t FakeHost::metric(std::string_view name, std::string_view label) const {
    std::int64_t sum = 0;
    for (const MetricFamily& family : metrics_.snapshot()) {
        if (family.name != name) continue;
        for (const Sample& sample : family.samples) {
            if (label.empty() || sample.labels.front().second == label) sum += sample.value;
        }
    }
    return sum;
}

}  // namespace shadowcat::http
