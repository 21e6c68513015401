// SPDX-License-Identifier: Apache-2.0
// ToolSchemas: which arguments of which tools an upstream wants to see mirrored in headers.
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/mirrored_headers.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Learnt from the `tools/list` results of an upstream that speaks 2026-07-28, by all links of a
/// worker. Bounded: of too many tools with annotations the oldest are forgotten, and learnt anew
/// when the server misses a header. MCP 2026-07-28, basic/transports/streamable-http.
class ToolSchemas {
public:
    static constexpr std::size_t kMaxTools = 4096;
    static constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

    /// `upstream` is for the log.
    explicit ToolSchemas(std::string upstream) : upstream_(std::move(upstream)) {}

    /// Learns from the response to `tools/list`. Removes from it the tools whose annotations are
    /// invalid, which a client over HTTP must not offer; all else keeps its bytes.
    void learn(Message& answer);

    /// What is marked in the input schema of `tool`; null when nothing is, or it is not known.
    const MirroredParameters* find(std::string_view tool) const;

    std::size_t size() const noexcept { return tools_.size(); }

private:
    class Tool {
    public:
        std::string name;
        MirroredParameters parameters;
        std::size_t bytes = 0;
    };

    bool learn_tool(std::string_view tool);
    void remember(std::string name, MirroredParameters parameters, std::size_t bytes);
    void forget(std::string_view name);
    void report(const std::string& name, const Error& why);

    std::string upstream_;
    std::list<Tool> tools_;  // the newest in front
    std::unordered_map<std::string_view, std::list<Tool>::iterator> by_name_;
    std::size_t bytes_ = 0;  // of the schemas, as a measure of what was kept of them
    std::unordered_set<std::string> reported_;
};

}  // namespace shadowcat::http
