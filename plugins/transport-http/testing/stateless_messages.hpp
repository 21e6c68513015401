// SPDX-License-Identifier: Apache-2.0
// Requests of 2026-07-28, as tests need them.
#pragma once

#include <string>

namespace shadowcat::http::testing {

inline constexpr std::string_view kStatelessMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

/// A request with the usual `_meta` behind `params` (members, without braces).
inline std::string stateless(const std::string& id, const std::string& method,
                             const std::string& params = {},
                             std::string_view meta = kStatelessMeta) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":{)" +
           params + (params.empty() ? "" : ",") + std::string(meta) + "}}";
}

/// The usual `_meta` with one member more.
inline std::string meta_with(const std::string& member) {
    std::string meta(kStatelessMeta);
    meta.insert(meta.size() - 1, "," + member);
    return meta;
}

}  // namespace shadowcat::http::testing
