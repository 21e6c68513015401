// SPDX-License-Identifier: Apache-2.0
// Offers message_log to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "message_log.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::Interceptor> make(const sdk::Json& config, const sdk::InterceptorContext&) {
    return std::make_unique<message_log::MessageLog>(message_log::Options(config));
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::Interceptor>("message_log", "one log line per message, both directions",
                                    message_log::Options::schema(), make);
}

}  // namespace

SHADOWCAT_PLUGIN("message-log", SHADOWCAT_SDK_VERSION, "logs messages", register_parts)
