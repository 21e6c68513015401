// SPDX-License-Identifier: Apache-2.0
// The order in which the sources of the configuration meet.
#include "core/config/load_config.hpp"

#include "core/config/config_reader.hpp"
#include "core/config/config_schema.hpp"
#include "core/config/plugins_section.hpp"
#include "core/config/section_reader.hpp"
#include "core/config/yaml_reader.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

constexpr const char* kPlugins = "plugins";
constexpr const char* kUpstreamsPath = "reverse_proxy.upstreams";

class ConfigLoader {
public:
    ConfigLoader(const ConfigRequest& request, const PluginSource& plugins)
        : request_(request), plugins_(plugins) {}

    std::variant<Config, Diagnostics> load() {
        const PluginRegistry* registry = load_wanted();
        if (unreadable_) return failed();
        const PluginRegistry none;
        lay_over(registry != nullptr ? *registry : none);
        if (registry != nullptr) return read(*registry);
        SectionReader reader(config_, diagnostics_);
        check_without_plugins(reader);
        return failed();
    }

    Diagnostics load_plugins_only() {
        load_wanted();
        return failed();
    }

private:
    Diagnostics failed() {
        sort_by_origin(diagnostics_);
        return std::move(diagnostics_);
    }

    /// Null when something is wrong with them: half a registry would blame the wrong keys.
    const PluginRegistry* load_wanted() {
        if (request_.file) config_ = read_yaml_file(*request_.file, diagnostics_);
        unreadable_ = !diagnostics_.empty();
        if (unreadable_) return nullptr;
        const sdk::Schema sections = root_schema(PluginRegistry(), false);
        Diagnostics mistaken;
        environment_ = environment_overrides(request_.environment, sections, mistaken);
        apply_environment(sections, true);
        expand_variables(config_, kPlugins, request_.environment, diagnostics_);
        wanted_ = read_plugins(config_, diagnostics_);
        std::vector<sdk::ConfigError> errors;
        const PluginRegistry* registry =
            diagnostics_.empty() ? &plugins_(wanted_, errors) : nullptr;
        SectionReader(config_, diagnostics_).fail(errors);
        std::ranges::move(mistaken, std::back_inserter(diagnostics_));
        return errors.empty() ? registry : nullptr;
    }

    void lay_over(const PluginRegistry& registry) {
        const sdk::Schema schema = root_schema(registry, true, listener_of(request_.mode));
        put_upstreams();
        put_interceptors(registry);
        apply_environment(schema, false);
        put_upstream_options();
        for (const Override& option : request_.options) {
            apply_override(option, schema, config_, diagnostics_);
        }
        for (const sdk::ConfigField& section : schema.fields()) {
            if (section.name() == kPlugins) continue;
            expand_variables(config_, section.name(), request_.environment, diagnostics_);
        }
    }

    void apply_environment(const sdk::Schema& schema, bool plugins) {
        for (const Override& override : environment_) {
            if ((override.keys.front() == kPlugins) != plugins) continue;
            apply_override(override, schema, config_, diagnostics_);
        }
    }

    Origin command_line() const { return Origin::command_line(request_.upstream_option); }

    // The command line's upstreams take the place of the file's; the environment may add keys.
    void put_upstreams() {
        if (request_.upstreams.empty()) return;
        Json& proxy = config_.value["reverse_proxy"];
        if (proxy.is_null()) proxy = Json::object();
        if (!proxy.is_object()) return;
        config_.forget(kUpstreamsPath);
        config_.locate(kUpstreamsPath, command_line());
        proxy["upstreams"] = request_.upstreams;
    }

    void put_interceptors(const PluginRegistry& registry) {
        std::vector<Json> all = request_.interceptors;
        const bool shown = request_.viewer == Viewer::shown;
        const bool offered = registry.find("interceptor", "watch") != nullptr;
        if (shown || (offered && request_.viewer == Viewer::attachable)) {
            all.insert(all.begin(), {{"type", "watch"}, {"output", shown ? "stderr" : "none"}});
        }
        if (all.empty()) return;
        Json& list = config_.value["interceptors"];
        for (const Json& each : list)
            all.push_back(each);
        list = all;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Origin origin = Origin::command_line(option_of(all[i]));
            config_.locate(sdk::child_path("interceptors", i), origin);
            for (const auto& [key, value] : all[i].items())
                config_.locate(sdk::child_path(sdk::child_path("interceptors", i), key), origin);
        }
    }

    static std::string option_of(const Json& interceptor) {
        return "--" + interceptor.value("type", std::string());
    }

    Json* upstream_list() {
        const auto found = config_.value.find("reverse_proxy");
        if (found == config_.value.end() || !found->is_object()) return nullptr;
        Json& proxy = *found;
        if (!proxy.contains("upstreams")) return nullptr;
        return proxy["upstreams"].is_array() ? &proxy["upstreams"] : nullptr;
    }

    // What the command line says of an upstream wins over the environment too.
    void put_upstream_options() {
        Json* list = upstream_list();
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            Json& upstream = (*list)[i];
            if (!upstream.is_object()) continue;
            const std::string path = sdk::child_path(kUpstreamsPath, i);
            if (i < request_.upstreams.size()) put(upstream, path, request_.upstreams[i]);
            if (!request_.isolation) continue;
            upstream["isolation"] = *request_.isolation;
            config_.locate(sdk::child_path(path, "isolation"), Origin::command_line("--isolation"));
        }
    }

    void put(Json& upstream, const std::string& path, const Json& keys) {
        for (const auto& [key, value] : keys.items()) {
            upstream[key] = value;
            config_.locate(sdk::child_path(path, key), command_line());
        }
    }

    std::variant<Config, Diagnostics> read(const PluginRegistry& registry) {
        SectionReader reader(config_, diagnostics_);
        Config config = read_config(reader, registry, request_);
        if (!diagnostics_.empty()) return failed();
        config.plugins = wanted_;
        return config;
    }

    const ConfigRequest& request_;
    const PluginSource& plugins_;
    std::vector<Override> environment_;
    PluginsConfig wanted_;
    LocatedJson config_;
    Diagnostics diagnostics_;
    bool unreadable_ = false;
};

}  // namespace

const char* listener_of(ProxyMode mode) noexcept {
    return mode == ProxyMode::forward_stdio ? "stdio" : "http";
}

std::variant<Config, Diagnostics> load_config(const ConfigRequest& request,
                                              const PluginSource& plugins) {
    return ConfigLoader(request, plugins).load();
}

Diagnostics load_plugins(const ConfigRequest& request, const PluginSource& plugins) {
    return ConfigLoader(request, plugins).load_plugins_only();
}

}  // namespace shadowcat::core
