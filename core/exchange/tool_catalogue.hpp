// SPDX-License-Identifier: Apache-2.0
// ToolCatalogue: what a trusted server says about its tools.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <functional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// The annotations of one tool that matter for repeating a call of it.
class ToolHints {
public:
    ToolHints() = default;
    ToolHints(bool reads_only, bool is_idempotent)
        : read_only(reads_only), idempotent(is_idempotent) {}

    bool read_only = false;
    bool idempotent = false;

    bool repeatable() const noexcept { return read_only || idempotent; }
};

/// Learned from the `tools/list` results that pass by, where `retry.trust_annotations` is on. One
/// per upstream, shared by the workers; locked, so asked only when a decision needs it.
class ToolCatalogue {
public:
    static constexpr std::size_t kMaxTools = 4096;  ///< further ones are as if not annotated

    /// Takes over what `response`, the answer to a `tools/list`, says about its tools.
    void learn(const sdk::Message& response);

    /// The server's tools have changed: nothing is known until they are listed again.
    void forget();

    /// Of a tool that is not known: none.
    ToolHints hints(std::string_view tool) const;

private:
    class NameHash : public std::hash<std::string_view> {
    public:
        using is_transparent = void;
    };

    void put(std::string name, const ToolHints& hints);

    mutable std::shared_mutex mutex_;  // guards tools_
    std::unordered_map<std::string, ToolHints, NameHash, std::equal_to<>> tools_;
};

}  // namespace shadowcat::core
