// SPDX-License-Identifier: Apache-2.0
// ParameterSchemas: which arguments of which tools are mirrored in headers.
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/mirrored_headers.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Learned from the `tools/list` results that pass by. One per upstream, shared by the workers;
/// locked, but only if any tool has such arguments.
class ParameterSchemas {
public:
    static constexpr std::size_t kMaxTools = 4096;  ///< further ones are not checked

    /// Takes over what `response`, the answer to a `tools/list`, says.
    void learn(const sdk::Message& response);

    /// Null for tools that mirror nothing, or are not known.
    std::shared_ptr<const sdk::MirroredParameters> find(std::string_view tool) const;

private:
    class NameHash : public std::hash<std::string_view> {
    public:
        using is_transparent = void;
    };
    using Schema = std::shared_ptr<const sdk::MirroredParameters>;

    void put(std::string name, Schema schema);

    std::atomic<bool> any_{false};
    mutable std::shared_mutex mutex_;  // guards tools_
    std::unordered_map<std::string, Schema, NameHash, std::equal_to<>> tools_;
};

}  // namespace shadowcat::core
