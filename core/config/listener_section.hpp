// SPDX-License-Identifier: Apache-2.0
// Collects the listener's keys from the sections of `reverse_proxy`.
#pragma once

#include "core/config/config.hpp"
#include "core/config/load_config.hpp"
#include "core/config/section_reader.hpp"
#include "core/plugin/plugin_registry.hpp"

namespace shadowcat::core {

class ListenerSection {
public:
    ListenerSection() = default;

    PartConfig part;
    bool loopback = true;  ///< nobody but this machine can reach it
};

/// `proxy` is the validated section `reverse_proxy`.
ListenerSection read_listener(SectionReader& reader, const PluginRegistry& registry,
                              const ConfigRequest& request, const Json& proxy);

/// The listener `http` without an MCP endpoint, for the admin pages; nothing after saying why not.
std::optional<PartConfig> read_admin(SectionReader& reader, const PluginRegistry& registry,
                                     const std::string& bind_address);

}  // namespace shadowcat::core
