// SPDX-License-Identifier: Apache-2.0
// Offers access_log to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "access_log.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::ExchangeSink> make(const sdk::Json& config,
                                        const sdk::ExchangeSinkContext& context) {
    return std::make_unique<access_log::AccessLog>(access_log::Options(config), context);
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::ExchangeSink>("access_log", "one line of JSON per finished request",
                                     access_log::Options::schema(), make);
}

}  // namespace

SHADOWCAT_PLUGIN("access-log", SHADOWCAT_SDK_VERSION, "logs finished requests", register_parts)
