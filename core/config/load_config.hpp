// SPDX-License-Identifier: Apache-2.0
// load_config: from file, environment and command line to a Config, or to everything that is wrong.
#pragma once

#include "core/config/config.hpp"
#include "core/config/environment.hpp"
#include "core/config/overrides.hpp"
#include "core/plugin/plugin_registry.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace shadowcat::core {

/// What the configuration is for: which listener it needs, and which defaults it has.
enum class ProxyMode { reverse, forward_stdio, forward_http };

/// `http`, or `stdio`.
const char* listener_of(ProxyMode mode) noexcept;

/// Whether there is an interceptor `watch`, if some plugin offers it.
enum class Viewer {
    none,
    attachable,  ///< from another terminal
    shown        ///< on stderr
};

class ConfigRequest {
public:
    ConfigRequest() = default;

    ProxyMode mode = ProxyMode::reverse;

    /// In a forward mode: don't pass everything as it comes, but serve clients of either era.
    bool translate = false;
    bool files_needed = true;  ///< false: files that the configuration names may be missing here
    std::optional<std::filesystem::path> file;
    Environment environment;

    /// `--upstream` and `-- COMMAND`: they take the place of the file's upstreams.
    /// `upstream_option` is what to call them in errors.
    std::vector<Json> upstreams;
    std::string upstream_option = "--upstream";

    /// Interceptors of the command line; nearer to the client than the file's.
    std::vector<Json> interceptors;
    Viewer viewer = Viewer::none;

    /// Isolation of every upstream, if given on the command line.
    std::optional<std::string> isolation;

    /// Other options, by the key each stands for.
    std::vector<Override> options;
};

/// Loads the plugins of the section `plugins` and gives what they offer; appends what fails
/// (`plugins.load[1]`).
using PluginSource =
    std::function<const PluginRegistry&(const PluginsConfig&, std::vector<sdk::ConfigError>&)>;

/// Read → lay environment and options over it → load plugins → validate everything. Precedence:
/// command line, environment, file, default. Diagnostics are complete and sorted by place; only
/// when the file is no YAML or a plugin fails, what depends on that can't be judged yet and is left
/// out.
std::variant<Config, Diagnostics> load_config(const ConfigRequest& request,
                                              const PluginSource& plugins);

/// Only the first half: has `plugins` load what the section `plugins` names. Gives what is wrong.
Diagnostics load_plugins(const ConfigRequest& request, const PluginSource& plugins);

}  // namespace shadowcat::core
