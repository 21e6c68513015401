// SPDX-License-Identifier: Apache-2.0
// Joining responses.
#include "batch_answer.hpp"

namespace shadowcat::transport_stdio {

void BatchAnswer::add(sdk::Message response) {
    response.make_single_line();
    if (count_++ > 0) responses_ += ',';
    responses_ += response.bytes();
}

/// Nobody answers a batch of notifications.
sdk::awaitable<> BatchAnswer::leave() {
    if (--inside_ > 0 || count_ == 0) co_return;
    std::string line = count_ == 1 ? std::move(responses_) : "[" + responses_ + "]";
    co_await output_.write_line(std::move(line));
}

sdk::awaitable<sdk::Result<void>> BatchReplies::write(sdk::Message message) {
    if (!message.is_response()) co_return co_await answer_.output_.write(std::move(message));
    answer_.add(std::move(message));
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> BatchReplies::fail(sdk::Error, sdk::Message response) {
    return write(std::move(response));
}

}  // namespace shadowcat::transport_stdio
