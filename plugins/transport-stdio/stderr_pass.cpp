// SPDX-License-Identifier: Apache-2.0
// Writing to our stderr without blocking the worker.
#include "stderr_pass.hpp"

#include "shadowcat/sdk/deadline.hpp"

#include <boost/asio/deferred.hpp>

#include <unistd.h>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::hours kPatience(1);  // then the wait begins anew
constexpr std::chrono::seconds kHurriedPatience(2);

}  // namespace

StderrPass::StderrPass(sdk::Executor executor) : patience_(executor) {
    sdk::Result<OwnDescriptor> own =
        OwnDescriptor::of(STDERR_FILENO, OwnDescriptor::Direction::output);
    if (own.has_error()) return;
    own_.emplace(*std::move(own));
    stream_.emplace(make_stream(executor, own_->take()));
    stream_->non_blocking(true);
}

sdk::awaitable<> StderrPass::write(std::string_view bytes) {
    while (!bytes.empty() && stream_) {
        sdk::error_code failed;
        bytes.remove_prefix(stream_->write_some(asio::buffer(bytes.data(), bytes.size()), failed));
        if (!failed) continue;
        sdk::error_code waited = failed;
        const bool hurried = hurried_;
        if (failed == asio::error::would_block) {
            const sdk::Duration limit = hurried ? sdk::Duration(kHurriedPatience) : kPatience;
            auto writable = stream_->async_wait(Stream::wait_write, asio::deferred);
            waited = co_await sdk::within(patience_, limit, std::move(writable));
        }
        const bool late = waited == asio::error::timed_out && hurried;
        const bool lost = failed != asio::error::would_block;
        if (late || lost) stream_.reset();
    }
}

void StderrPass::hurry() {
    hurried_ = true;
    if (stream_) cancel_quietly(*stream_);  // the wait begins anew
}

}  // namespace shadowcat::transport_stdio
