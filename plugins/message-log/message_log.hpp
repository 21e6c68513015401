// SPDX-License-Identifier: Apache-2.0
// The interceptor `message_log`: one log line per message, in both directions.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "message_log_options.hpp"

namespace shadowcat::message_log {

class MessageLog final : public sdk::Interceptor {
public:
    explicit MessageLog(Options options) : options_(std::move(options)) {}

    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext& context) override;

private:
    bool wanted(const sdk::Message& message) const;

    Options options_;
};

}  // namespace shadowcat::message_log
