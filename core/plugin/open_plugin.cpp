// SPDX-License-Identifier: Apache-2.0
// Opens libraries with Boost.DLL and calls their register function.
#include "core/plugin/descriptor_check.hpp"
#include "core/plugin/plugin_file.hpp"
#include "core/plugin/plugin_loader.hpp"

#include <boost/dll/shared_library.hpp>

#include <exception>
#include <list>

namespace shadowcat::core {

namespace {

constexpr const char* kSymbol = "shadowcat_plugin_v1";

// Leaked on purpose: code of a plugin may run until the very end of the process.
std::list<boost::dll::shared_library>& libraries() {
    static auto* instance = new std::list<boost::dll::shared_library>;
    return *instance;
}

sdk::Error refuse(const std::filesystem::path& file, const std::string& why) {
    return sdk::Error(sdk::ErrorCode::config, "plugin file " + file.string() + " " + why);
}

}  // namespace

sdk::Result<const shadowcat_plugin_descriptor*> open_plugin(const std::filesystem::path& file) {
    if (auto checked = check_plugin_file(file); !checked) return checked.error();
    boost::dll::shared_library library;
    try {
        using boost::dll::load_mode::type;
        library.load(file, type::rtld_now | type::rtld_local);
    } catch (const std::exception& failure) {
        return refuse(file, std::string("can't be loaded: ") + failure.what());
    }
    const bool is_plugin = library.has(kSymbol);
    const shadowcat_plugin_descriptor* descriptor =
        is_plugin ? &library.get<const shadowcat_plugin_descriptor>(kSymbol) : nullptr;
    libraries().push_back(std::move(library));
    if (!is_plugin) {
        return refuse(file, std::string("is no plugin: it doesn't export the symbol ") + kSymbol +
                                " (see SHADOWCAT_PLUGIN in shadowcat/sdk/plugin.hpp)");
    }
    if (auto checked = check_descriptor_form(*descriptor, file); !checked) return checked.error();
    return descriptor;
}

sdk::Result<std::vector<Part>> collect_parts(const shadowcat_plugin_descriptor& descriptor) {
    PartCollector collector;
    std::string why;
    try {
        descriptor.register_parts(collector);
        return collector.take();
    } catch (const std::exception& failure) {
        why = failure.what();
    } catch (...) {
        why = "it threw something that is no std::exception";
    }
    return sdk::Error(sdk::ErrorCode::config, "plugin '" + std::string(descriptor.name) +
                                                  "' failed while registering its parts: " + why);
}

}  // namespace shadowcat::core
