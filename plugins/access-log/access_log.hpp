// SPDX-License-Identifier: Apache-2.0
// The exchange sink `access_log`: one line of JSON per finished request.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"

#include "log_writer.hpp"
#include "options.hpp"

#include <future>
#include <memory>
#include <thread>

namespace shadowcat::access_log {

/// Workers format and queue lines; a thread of its own writes them, so that no request ever waits
/// for a disk.
class AccessLog final : public sdk::ExchangeSink {
public:
    AccessLog(const Options& options, const sdk::ExchangeSinkContext& context);
    ~AccessLog() override;

    sdk::awaitable<sdk::Result<void>> start() override;
    void on_exchange(const sdk::ExchangeRecord& record) noexcept override;
    void reopen() noexcept override { writer_->ask_reopen(); }
    sdk::awaitable<> stop() override;

private:
    sdk::Result<void> start_thread();
    bool finished_within(sdk::Duration limit) const;
    void leave_thread();

    sdk::Worker& worker_;
    FieldSet fields_;
    std::shared_ptr<LogWriter>
        writer_;  // shared with the thread, which a hung disk may keep longer
    std::thread thread_;
    std::future<void> finished_;
};

}  // namespace shadowcat::access_log
