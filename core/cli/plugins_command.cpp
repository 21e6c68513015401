// SPDX-License-Identifier: Apache-2.0
// Shows plugins, their parts and, of one file, the parts' keys.
#include "core/cli/plugins_command.hpp"

#include "core/cli/configure.hpp"
#include "core/config/reference.hpp"
#include "core/plugin/descriptor_check.hpp"
#include "core/plugin/plugin_inspection.hpp"

#include <ostream>

namespace shadowcat::core {

namespace {

constexpr int kSuccess = 0;
constexpr int kConfigurationError = 2;

void print_part(const Part& part, std::ostream& out) {
    out << "  " << spoken(part.kind) << " " << part.name;
    if (!part.description.empty()) out << ": " << part.description;
    out << '\n';
}

int list(const PluginsOptions& options, const Environment& environment, std::ostream& out,
         std::ostream& errors) {
    ConfigRequest request;
    request.file = options.config;
    request.environment = environment;
    PluginHost host = make_plugin_host(environment);
    const bool good = configure_plugins(request, host, errors);
    for (const PluginInfo& plugin : host.loaded()) {
        out << plugin.name << " " << plugin.version << ": " << plugin.description << '\n'
            << "  file " << plugin.path.string() << '\n';
        for (const Part& part : host.registry().parts()) {
            if (part.plugin == plugin.name) print_part(part, out);
        }
    }
    return good ? kSuccess : kConfigurationError;
}

void print_keys(const sdk::Schema& schema, const std::string& path, std::ostream& out) {
    for (const sdk::ConfigField& field : schema.fields()) {
        const std::string name = sdk::child_path(path, field.name());
        const std::string fallback = describe_default(field);
        out << "    " << name << " (" << describe_type(field);
        if (field.is_required()) out << ", required";
        if (!field.is_required() && !fallback.empty()) out << ", default " << fallback;
        out << "): " << field.description() << '\n';
        if (field.nested() != nullptr) print_keys(*field.nested(), name, out);
    }
}

void print_info(const PluginInfo& info, std::ostream& out) {
    const bool matches = info.fingerprint == own_fingerprint();
    out << info.name << " " << info.version << ": " << info.description << '\n'
        << "  file " << info.path.string() << '\n'
        << "  build id " << (info.build_id.empty() ? "none" : info.build_id) << '\n'
        << "  fingerprint " << info.fingerprint << '\n'
        << (matches ? "  which is this shadowcat's too"
                    : "  which is not this shadowcat's: " + own_fingerprint())
        << '\n';
}

int inspect(const std::filesystem::path& file, std::ostream& out, std::ostream& errors) {
    const auto inspection = inspect_plugin(file);
    if (!inspection) {
        errors << "shadowcat: " << inspection.error().message() << '\n';
        return kConfigurationError;
    }
    print_info(inspection->info, out);
    for (const Part& part : inspection->parts) {
        print_part(part, out);
        print_keys(part.schema, "", out);
    }
    if (!inspection->problem) return kSuccess;
    errors << "shadowcat: " << inspection->problem->message() << '\n';
    return kConfigurationError;
}

}  // namespace

int run_plugins(const PluginsOptions& options, const Environment& environment, std::ostream& out,
                std::ostream& errors) {
    if (options.inspect) return inspect(*options.inspect, out, errors);
    return list(options, environment, out, errors);
}

}  // namespace shadowcat::core
