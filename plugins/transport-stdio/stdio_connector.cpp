// SPDX-License-Identifier: Apache-2.0
// Opening links to child processes.
#include "stdio_connector.hpp"

#include "shadowcat/sdk/multiplexer.hpp"

#include "child_connection.hpp"

#include <exception>

namespace shadowcat::transport_stdio {

namespace {

/// Owns a connection as the multiplexer sees it.
class StdioPipe final : public sdk::Pipe {
public:
    explicit StdioPipe(std::shared_ptr<ChildConnection> connection)
        : connection_(std::move(connection)) {}
    ~StdioPipe() override { connection_->abandon(); }

    sdk::awaitable<sdk::Result<void>> send(std::span<sdk::Message> messages) override {
        return connection_->send(messages);
    }
    sdk::awaitable<sdk::Result<sdk::Message>> receive() override { return connection_->receive(); }
    sdk::awaitable<> close() override { return connection_->close(); }
    bool has_end_of_input() const noexcept override { return true; }
    void end_input() override { connection_->end_input(); }
    void set_session(std::string_view label) override { connection_->set_session(label); }
    void kill() noexcept override { connection_->kill(); }
    void signal(int number) noexcept override { connection_->signal(number); }
    std::optional<int> exit_code() const noexcept override { return connection_->exit_code(); }
    std::size_t resident_bytes() const override { return connection_->resident_bytes(); }
    std::string peer() const override { return connection_->peer(); }

private:
    std::shared_ptr<ChildConnection> connection_;
};

}  // namespace

StdioConnector::StdioConnector(const sdk::Json& config, const sdk::ConnectorContext& context)
    : worker_(context.worker),
      upstream_(context.upstream),
      options_(config),
      metrics_(context.metrics, context.upstream) {}

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> StdioConnector::open(
    sdk::LinkEvents& events, const sdk::LinkOptions& options) {
    const sdk::LinkOptions kept = options;
    sdk::Result<std::unique_ptr<sdk::Pipe>> pipe =
        co_await open_pipe(kept.message, kept.passes_text);
    if (pipe.has_error()) co_return pipe.error();
    co_return sdk::make_link(worker_, *std::move(pipe), events, kept);
}

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Pipe>>> StdioConnector::open_pipe(
    sdk::ParseLimits limits, bool passes_text) {
    try {
        sdk::Result<LaunchPlan> plan = options_.plan();
        if (plan.has_error()) co_return named(plan.error());
        plan->own_stderr = options_.passes_stderr() && !worker_.observer();
        keep_sweeping();
        sdk::Result<Launched> launched = co_await launch(worker_.executor(), *std::move(plan));
        if (launched.has_error()) co_return named(launched.error());
        co_return connect(*std::move(launched), limits, passes_text);
    } catch (const std::exception& failure) {  // the event loop can't take another descriptor
        co_return named(sdk::upstream_error(sdk::ErrorCode::unavailable, failure.what()));
    }
}

std::unique_ptr<sdk::Pipe> StdioConnector::connect(Launched launched, sdk::ParseLimits limits,
                                                   bool passes_text) {
    ConnectionOptions settings(upstream_, metrics_, limits, options_.grace());
    settings.passes_stderr = options_.passes_stderr();
    settings.passes_text = passes_text;
    auto connection =
        std::make_shared<ChildConnection>(worker_, std::move(launched), std::move(settings));
    connection->start();
    return std::make_unique<StdioPipe>(std::move(connection));
}

void StdioConnector::keep_sweeping() {
    sweeping_ = worker_.every_tick([this](sdk::TimePoint now) {
        const bool unfinished = Adoptions::instance().sweep(now);
        if (!unfinished) sweeping_ = sdk::Worker::Tick();
    });
}

sdk::awaitable<> StdioConnector::stop() { co_return; }

sdk::Error StdioConnector::named(const sdk::Error& error) const {
    sdk::Error told = error.within("upstream '" + upstream_ + "'");
    return told.mark_nothing_sent();
}

}  // namespace shadowcat::transport_stdio
