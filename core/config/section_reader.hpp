// SPDX-License-Identifier: Apache-2.0
// SectionReader: validates parts of the configuration and collects what is wrong with them.
#pragma once

#include "core/config/located_json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core {

class SectionReader {
public:
    SectionReader(const LocatedJson& config, Diagnostics& diagnostics)
        : config_(config), diagnostics_(diagnostics) {}

    const LocatedJson& config() const noexcept { return config_; }

    void fail(const std::string& path, std::string message) {
        diagnostics_.push_back(config_.diagnose(path, std::move(message)));
    }

    void fail(const std::vector<sdk::ConfigError>& errors) {
        for (const sdk::ConfigError& error : errors)
            fail(error.path, error.message);
    }

    /// `value`, which stands at `path`, checked and with defaults filled in.
    Json validated(const sdk::Schema& schema, const std::string& path, Json value) {
        config_.restore_texts(schema, path, value);
        std::vector<sdk::ConfigError> errors;
        Json out = sdk::validate(schema, value, path, errors);
        fail(errors);
        return out;
    }

private:
    const LocatedJson& config_;
    Diagnostics& diagnostics_;
};

}  // namespace shadowcat::core
