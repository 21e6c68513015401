// SPDX-License-Identifier: Apache-2.0
// HttpClient: posts to one collector over one kept connection.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include "connection.hpp"
#include "exporter_options.hpp"
#include "reply.hpp"

#include <optional>
#include <string>

namespace shadowcat::otlp {

/// On one worker, one request at a time.
class HttpClient {
public:
    /// Both outlive the client.
    HttpClient(sdk::Worker& worker, const ExporterOptions& options);

    /// Posts `body` (JSON, outliving the call) to the endpoint's path followed by `signal_path`.
    /// A kept connection that turns out to be dead is replaced once. Fails with `unreachable`,
    /// `closed`, `protocol`, or `timed_out` about when `deadline` has passed.
    sdk::awaitable<sdk::Result<Reply>> post(std::string_view signal_path, std::string_view body,
                                            sdk::TimePoint deadline);

    /// The request under way must end by `deadline`, if that is earlier than its own.
    void hurry(sdk::TimePoint deadline);

    /// Closes the kept connection.
    void close() { connection_.reset(); }

private:
    sdk::awaitable<sdk::Result<Reply>> post_once(std::string_view head, std::string_view body,
                                                 ReplyReader& reader);
    sdk::awaitable<sdk::Result<void>> connect();
    sdk::awaitable<sdk::Result<Reply>> read(ReplyReader& reader);
    std::string head_of(std::string_view signal_path, std::size_t size) const;
    void check_time(sdk::TimePoint now);

    sdk::Worker& worker_;
    const ExporterOptions& options_;
    std::unique_ptr<Connection> connection_;
    sdk::Worker::Tick tick_;  // while a request is under way
    sdk::TimePoint deadline_;
    bool late_ = false;
};

}  // namespace shadowcat::otlp
