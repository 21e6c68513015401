// SPDX-License-Identifier: Apache-2.0
// Words what is wrong with a descriptor.
#include "core/plugin/descriptor_check.hpp"

#include <cstdio>

namespace shadowcat::core {

namespace {

sdk::Error refuse(const std::filesystem::path& file, const std::string& why) {
    return sdk::Error(sdk::ErrorCode::config, "plugin file " + file.string() + " " + why);
}

std::string hex32(std::uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08x", value);
    return text;
}

std::string text_of(const char* text) { return text != nullptr ? text : "(none)"; }

}  // namespace

std::string own_fingerprint() { return SHADOWCAT_FINGERPRINT; }

sdk::Result<void> check_descriptor_form(const shadowcat_plugin_descriptor& descriptor,
                                        const std::filesystem::path& file) {
    if (descriptor.magic != SHADOWCAT_PLUGIN_MAGIC) {
        return refuse(file, "has the magic number " + hex32(descriptor.magic) + " where " +
                                hex32(SHADOWCAT_PLUGIN_MAGIC) + " is expected: it is no plugin");
    }
    if (descriptor.size != sizeof(shadowcat_plugin_descriptor)) {
        return refuse(file, "has a descriptor of " + std::to_string(descriptor.size) +
                                " bytes where " +
                                std::to_string(sizeof(shadowcat_plugin_descriptor)) +
                                " are expected: rebuild it with this version's SDK");
    }
    return {};
}

sdk::Result<void> check_descriptor_content(const shadowcat_plugin_descriptor& descriptor,
                                           const std::filesystem::path& file) {
    const std::string theirs = text_of(descriptor.fingerprint);
    if (theirs != own_fingerprint()) {
        return refuse(file, "was built differently: it has the fingerprint [" + theirs +
                                "], this shadowcat has [" + own_fingerprint() +
                                "]: rebuild it with this version's SDK");
    }
    const std::string name = text_of(descriptor.name);
    if (name != file.stem()) {
        return refuse(file, "calls itself '" + name + "': a plugin's name must be its file's (" +
                                name + ".so)");
    }
    if (descriptor.register_parts == nullptr) return refuse(file, "has no register function");
    return {};
}

}  // namespace shadowcat::core
