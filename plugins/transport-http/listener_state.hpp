// SPDX-License-Identifier: Apache-2.0
// ListenerState: what all connections of one listener share.
#pragma once

#include "shadowcat/sdk/listener.hpp"

#include "connection_group.hpp"
#include "http_listener_options.hpp"
#include "listener_metrics.hpp"
#include "sse_streams.hpp"

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

namespace shadowcat::http {

/// Held by `shared_ptr`: the listener and each of its connections, which may be on their way from
/// one worker to another when the listener is destroyed.
class ListenerState {
public:
    ListenerState(const ConnectionGroup::Options& options, ListenerHost& at)
        : host(at), metrics(at.metrics()) {
        const auto workers = host.workers();
        for (std::size_t index = 0; index < workers.size(); ++index) {
            groups.push_back(
                std::make_unique<ConnectionGroup>(*workers[index], host.service(index), options));
            sse_streams.emplace_back(index);
        }
    }

    /// The group on whose worker the session `id` lives.
    ConnectionGroup& owner_of(std::string_view id) const { return *groups[host.worker_of(id)]; }

    ListenerHost& host;
    ListenerMetrics metrics;
    std::vector<std::unique_ptr<ConnectionGroup>> groups;  // by worker
    std::vector<SseStreams> sse_streams;                   // by worker
    std::atomic<std::size_t> connections{0};
};

}  // namespace shadowcat::http
