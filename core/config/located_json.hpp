// SPDX-License-Identifier: Apache-2.0
// LocatedJson: configuration values that remember where each was written.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/config/origin.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;
using sdk::Json;

/// Key paths are written as the SDK writes them: `reverse_proxy.upstreams[0].url`.
class LocatedJson {
public:
    Json value = Json::object();

    void locate(const std::string& path, Origin origin) { origins_[path] = std::move(origin); }

    /// Forgets the places of `path` and everything below it, because it was replaced.
    void forget(const std::string& path);

    /// Where `path` was written, or else the nearest key above it that was.
    const Origin& origin(std::string path) const;

    /// Remembers how a number or boolean was written: `1.10` is no `1.1` where text is wanted.
    void keep_text(const std::string& path, std::string text) { texts_[path] = std::move(text); }

    /// The kept text, or null.
    const std::string* text(const std::string& path) const;

    /// Gives every string key of `schema` below `path` the text that was written, in `part`.
    void restore_texts(const sdk::Schema& schema, const std::string& path, Json& part) const;

    Diagnostic diagnose(const std::string& path, std::string message) const {
        return Diagnostic(origin(path), path, std::move(message));
    }

private:
    void restore_text(const sdk::ConfigField& field, const std::string& path, Json& value_at) const;
    void restore_text(const std::string& path, Json& value_at) const;

    std::unordered_map<std::string, Origin> origins_;
    std::unordered_map<std::string, std::string> texts_;
};

}  // namespace shadowcat::core
