// SPDX-License-Identifier: Apache-2.0
// EchoService: a core for listeners under test; its sessions answer everything themselves.
#pragma once

#include "shadowcat/sdk/listener.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::contract {

/// Answers `initialize` as a server would, and any other request with one progress notification (if
/// it has a token) and a result that holds its method.
class EchoSession final : public sdk::ClientSession {
public:
    explicit EchoSession(std::string id) : id_(std::move(id)) {}

    const std::string& id() const noexcept override { return id_; }
    std::string_view revision() const noexcept override { return revision_; }
    sdk::awaitable<> request(sdk::Message request, sdk::ReplyStream& replies) override;
    sdk::awaitable<sdk::Result<void>> notify(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> listen(sdk::ReplyStream& stream,
                                             std::string_view last_event_id) override;
    sdk::Result<void> can_listen(std::string_view last_event_id) const override;
    void stop_listening(const sdk::ReplyStream&) override { quiet_.notify(); }
    sdk::awaitable<> end() override;

    std::vector<std::string> notified;  ///< methods

private:
    std::string id_;
    std::string revision_;
    bool listening_ = false;
    sdk::Wakeup quiet_;
};

class EchoService final : public sdk::Service {
public:
    sdk::Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo& client) override;
    sdk::Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view id,
                                                          const sdk::ClientInfo& client) override;
    bool accepts_revision(std::string_view) const noexcept override { return true; }

    std::map<std::string, std::shared_ptr<EchoSession>, std::less<>> sessions;
};

/// One worker, one EchoService, one page.
class EchoHost final : public sdk::ListenerHost {
public:
    explicit EchoHost(sdk::Worker& worker) : workers_{&worker} {}

    std::span<sdk::Worker* const> workers() noexcept override { return workers_; }
    sdk::Service& service(std::size_t) noexcept override { return echo; }
    std::size_t worker_of(std::string_view) const noexcept override { return 0; }
    bool has_page(std::string_view path) const override { return path == "/contract"; }
    sdk::awaitable<sdk::Page> page(sdk::PageRequest request, sdk::Worker& here) override;
    sdk::Quota& bytes_in_flight() noexcept override { return bytes_; }
    bool traces() const noexcept override { return false; }
    void refused(const sdk::ExchangeRecord&) noexcept override {}
    void finished() override { finished_times++; }
    sdk::Metrics& metrics() noexcept override { return metrics_; }

    EchoService echo;
    int finished_times = 0;

private:
    std::array<sdk::Worker*, 1> workers_;
    sdk::Metrics metrics_;
    sdk::Quota bytes_;
};

}  // namespace shadowcat::contract
