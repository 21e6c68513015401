// SPDX-License-Identifier: Apache-2.0
// The life of the sinks.
#include "core/observe/exchange_sinks.hpp"

namespace shadowcat::core {

void ExchangeSinks::add(std::unique_ptr<sdk::ExchangeSink> sink) {
    traces_ |= sink->traces();
    sinks_.push_back(std::move(sink));
}

void ExchangeSinks::on_exchange(const sdk::ExchangeRecord& record) noexcept {
    for (const auto& sink : sinks_)
        sink->on_exchange(record);
}

void ExchangeSinks::reopen() noexcept {
    for (std::size_t i = 0; i < started_; ++i)
        sinks_[i]->reopen();
}

sdk::awaitable<sdk::Result<void>> ExchangeSinks::start() {
    while (started_ < sinks_.size()) {
        const sdk::Result<void> started = co_await sinks_[started_]->start();
        if (started.has_error()) co_return started;
        ++started_;
    }
    co_return sdk::Result<void>();
}

sdk::awaitable<> ExchangeSinks::stop() {
    while (started_ > 0)
        co_await sinks_[--started_]->stop();
}

}  // namespace shadowcat::core
