// SPDX-License-Identifier: Apache-2.0
// Checks a nested upstream against its connector's schema, and makes it.
#include "core/proxy/connector_maker.hpp"

namespace shadowcat::core {

namespace {

sdk::Result<std::unique_ptr<sdk::Connector>> make_nested(const PluginRegistry& registry,
                                                         const sdk::ConnectorContext& context,
                                                         sdk::Json upstream) {
    const std::string transport = upstream.value("transport", "");
    const Part* part = registry.find<sdk::Connector>(transport);
    if (part == nullptr) return registry.unknown_part(sdk::Connector::kKind, transport);
    upstream.erase("transport");
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(part->schema, upstream, "upstream", errors);
    if (!errors.empty()) {
        return sdk::Error(sdk::ErrorCode::config,
                          errors.front().path + ": " + errors.front().message);
    }
    return registry.create<sdk::Connector>(transport, checked, context);
}

}  // namespace

sdk::ConnectorContext connector_context(const PluginRegistry& registry, sdk::Worker& worker,
                                        const std::string& upstream, sdk::Metrics& metrics) {
    sdk::ConnectorContext context(worker, upstream, metrics);
    context.make = [&registry, &worker, upstream, &metrics](const sdk::Json& nested) {
        return make_nested(registry, connector_context(registry, worker, upstream, metrics),
                           nested);
    };
    return context;
}

}  // namespace shadowcat::core
