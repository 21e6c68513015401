// SPDX-License-Identifier: Apache-2.0
// FakeHost: a scripted core for the listener's tests. What a session does depends on the method it
// is asked for; see fake_host.cpp.
#pragma once

#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// What happened, in order; from any thread.
class Journal {
public:
    void add(std::string event);
    bool has(const std::string& event) const;
    std::size_t count(const std::string& event) const;

    /// Events that begin with `start`.
    std::size_t count_any(const std::string& start) const;
    bool has_any(const std::string& start) const { return count_any(start) > 0; }

    /// Waits some seconds at most for `event`.
    bool wait_for(const std::string& event, std::size_t times = 1) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable added_;
    std::vector<std::string> events_;
};

class FakeSession final : public ClientSession {
public:
    FakeSession(std::string id, std::string_view whose, Journal& journal)
        : principal(whose), id_(std::move(id)), label_("label-" + id_), journal_(journal) {}

    const std::string principal;  // whoever else asks for it doesn't find it

    const std::string& id() const noexcept override { return id_; }
    std::string_view label() const noexcept override { return label_; }
    std::string_view revision() const noexcept override { return revision_; }
    awaitable<> request(Message request, ReplyStream& replies) override;
    awaitable<Result<void>> notify(Message message) override;
    awaitable<Result<void>> listen(ReplyStream& stream, std::string_view last_event_id) override;
    Result<void> can_listen(std::string_view last_event_id) const override;
    void stop_listening(const ReplyStream& stream) override;
    awaitable<> end() override;

    bool ended() const noexcept { return ended_; }

    /// What a notification `release` does, which a conversation without a session can't get.
    void release() { released_.notify(); }

private:
    awaitable<> stream_notes(Message& request, ReplyStream& replies);
    awaitable<> stream_events(Message& request, ReplyStream& replies);
    awaitable<Result<void>> resume_events(ReplyStream& stream, std::string_view after);
    awaitable<> flood(ReplyStream& replies);
    awaitable<> fail(std::string_view code, Message& request, ReplyStream& replies);

    std::string id_, label_;
    Journal& journal_;
    std::string revision_ = "2025-06-18";  // or what `initialize` asks for
    Mailbox<Message> outbox_ = Mailbox<Message>(100);
    Wakeup released_;
    std::size_t said_ = 0;
    bool names_events_ = false;
    bool listening_ = false;
    bool stop_listening_ = false;
    bool cancelled_ = false;
    bool ended_ = false;
};

class FakeService final : public Service {
public:
    FakeService(std::size_t worker, Journal& journal) : worker_(worker), journal_(journal) {}

    Result<std::shared_ptr<ClientSession>> open(const ClientInfo& client) override;
    Result<std::shared_ptr<ClientSession>> find(std::string_view id,
                                                const ClientInfo& client) override;
    bool accepts_revision(std::string_view revision) const noexcept override {
        return revision == "2025-03-26" || revision == "2025-06-18" || revision == "2025-11-25";
    }

    std::span<const std::string_view> stateless_revisions() const noexcept override;
    Result<std::shared_ptr<ClientSession>> open_stateless(const ClientInfo& client) override;

    /// For a header `Region`, which must be the argument `region`.
    std::optional<std::string> mirror_mismatch(
        const Message& call, std::span<const MirroredHeader> headers) const override;

    /// Ends what the test left open; on the worker.
    awaitable<> end_all();

    /// Lets conversations go on that `hold`; on the worker.
    awaitable<> release_all();

    std::atomic<std::size_t> max_sessions{1000};
    std::atomic<bool> serves_stateless{true};

private:
    std::size_t worker_;
    Journal& journal_;
    std::size_t opened_ = 0;
    std::map<std::string, std::shared_ptr<FakeSession>, std::less<>> sessions_;
    std::vector<std::shared_ptr<FakeSession>> conversations_;
};

/// Session ids begin with the number of their worker.
class FakeHost final : public ListenerHost {
public:
    explicit FakeHost(std::vector<std::unique_ptr<Worker>>& workers);

    std::span<Worker* const> workers() noexcept override { return workers_; }
    FakeService& service(std::size_t index) noexcept override { return *services_[index]; }
    std::size_t worker_of(std::string_view id) const noexcept override;
    bool has_page(std::string_view path) const override;
    awaitable<Page> page(PageRequest request, Worker& here) override;
    Quota& bytes_in_flight() noexcept override { return bytes; }
    bool traces() const noexcept override { return tracing; }

    /// Noted in the journal: `refused 404 session_unknown method=… bytes=… code=…`.
    void refused(const ExchangeRecord& record) noexcept override;
    void finished() override {}
    Metrics& metrics() noexcept override { return metrics_; }

    /// The value of a counter or gauge; `label` is the value of its label, if it has one.
    std::int64_t metric(std::string_view name, std::string_view label = {}) const;

    Journal journal;
    Quota bytes;
    std::atomic<bool> tracing{false};

private:
    std::vector<Worker*> workers_;
    std::vector<std::unique_ptr<FakeService>> services_;
    Metrics metrics_;
};

}  // namespace shadowcat::http
