// SPDX-License-Identifier: Apache-2.0
// Loads configurations from temporary files.
#include "core/config/test_plugins.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace shadowcat::core::testing {

Loading::Loading(const std::string& yaml, ConfigRequest request) {
    file_ = (std::filesystem::temp_directory_path() / "shadowcat-config-XXXXXX").string();
    const int descriptor = mkstemp(file_.data());
    REQUIRE(descriptor >= 0);
    close(descriptor);
    std::ofstream(file_) << yaml;
    if (!yaml.empty()) request.file = file_;
    add_builtin(registry_);
    result_ = load_config(request, [this](const PluginsConfig&, auto&) -> const PluginRegistry& {
        return registry_;
    });
}

Loading::~Loading() { unlink(file_.c_str()); }

std::vector<std::string> Loading::problems() const {
    std::vector<std::string> lines;
    if (const auto* diagnostics = std::get_if<Diagnostics>(&result_)) {
        for (const Diagnostic& diagnostic : *diagnostics) {
            std::string line = diagnostic.text();
            if (line.starts_with(file_)) line.replace(0, file_.size(), "a.yaml");
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

const Config& Loading::config() const {
    for (const std::string& line : problems())
        FAIL_CHECK(line);
    REQUIRE(std::holds_alternative<Config>(result_));
    return std::get<Config>(result_);
}

}  // namespace shadowcat::core::testing
