// SPDX-License-Identifier: Apache-2.0
// Turns `plugins.load` into requests.
#include "core/config/plugins_section.hpp"

#include "core/config/config_schema.hpp"
#include "core/config/section_reader.hpp"

namespace shadowcat::core {

namespace {

class PluginsReader {
public:
    PluginsReader(const LocatedJson& config, Diagnostics& diagnostics)
        : config_(config), reader_(config, diagnostics) {}

    PluginsConfig read() {
        Json section = config_.value.value("plugins", Json());
        const Json load = take_load(section);
        const Json checked = reader_.validated(plugins_schema(), "plugins", std::move(section));
        PluginsConfig out;
        for (const Json& directory : checked.value("search_path", Json::array())) {
            out.search_path.push_back(std::filesystem::absolute(directory.get<std::string>()));
        }
        if (load.is_null()) out.load = builtin_plugins();
        for (std::size_t i = 0; i < load.size(); ++i) {
            out.load.push_back(entry(load[i], sdk::child_path("plugins.load", i)));
        }
        return out;
    }

private:
    // A list, or null when the key is absent.
    Json take_load(Json& section) {
        if (!section.is_object() || !section.contains("load")) return nullptr;
        Json load = section.at("load");
        if (!load.is_array()) return nullptr;
        section.erase("load");
        return load;
    }

    PluginRequest entry(const Json& value, const std::string& path) {
        if (value.is_string()) return PluginRequest(value.get<std::string>());
        const Json checked = reader_.validated(plugin_entry_schema(), path, value);
        if (value.is_object() && checked.contains("name") == checked.contains("path")) {
            reader_.fail(path, "give either name or path");
        }
        const std::string digest = checked.value("sha256", "");
        const bool hex = digest.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
        if (checked.contains("sha256") && (digest.size() != 64 || !hex)) {
            reader_.fail(sdk::child_path(path, "sha256"), "expected 64 hex digits");
        }
        return PluginRequest(checked.value("name", ""), checked.value("path", ""), digest);
    }

    const LocatedJson& config_;
    SectionReader reader_;
};

}  // namespace

PluginsConfig read_plugins(const LocatedJson& config, Diagnostics& diagnostics) {
    return PluginsReader(config, diagnostics).read();
}

}  // namespace shadowcat::core
