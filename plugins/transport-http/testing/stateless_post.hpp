// SPDX-License-Identifier: Apache-2.0
// StatelessPost: a POST of revision 2026-07-28, right in every part until a test changes one.
#pragma once

#include "testing/listener_rig.hpp"
#include "text.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::http {

class StatelessPost {
public:
    /// A request for `method`, with `params.name` if `name` isn't empty.
    explicit StatelessPost(std::string_view method, std::string_view name = {})
        : method_(method), name_(name) {
        fields_ = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method_}};
        if (!name.empty()) fields_.emplace_back("Mcp-Name", name);
    }

    StatelessPost& without(std::string_view field) {
        std::erase_if(fields_, [&](const auto& each) { return each.first == field; });
        return *this;
    }
    StatelessPost& add(std::string_view field, std::string_view value) {
        fields_.emplace_back(field, value);
        return *this;
    }
    StatelessPost& with(std::string_view field, std::string_view value) {
        return without(field).add(field, value);
    }

    /// As it shall stand in the text.
    StatelessPost& id(std::string_view token) {
        id_ = token;
        return *this;
    }

    /// `_meta` as a whole; empty leaves it out.
    StatelessPost& meta(std::string_view text) {
        meta_ = text;
        return *this;
    }
    StatelessPost& version(std::string_view in_meta) {
        return meta(R"({"io.modelcontextprotocol/protocolVersion":")" + std::string(in_meta) +
                    R"(","io.modelcontextprotocol/clientCapabilities":{}})");
    }

    StatelessPost& arguments(std::string_view text) {
        arguments_ = text;
        return *this;
    }

    std::string body() const {
        std::string params;
        if (!name_.empty()) params += R"("name":")" + name_ + "\",";
        if (!arguments_.empty()) params += R"("arguments":)" + arguments_ + ",";
        if (!meta_.empty()) params += R"("_meta":)" + meta_ + ",";
        if (!params.empty()) params.pop_back();
        return R"({"jsonrpc":"2.0","id":)" + id_ + R"(,"method":")" + method_ + R"(","params":{)" +
               params + "}}";
    }

    std::string text() const { return post(body(), fields()); }

    /// With another body behind the same headers.
    std::string text(std::string_view other) const { return post(other, fields()); }

private:
    std::string fields() const {
        std::string lines;
        for (const auto& [field, value] : fields_)
            lines.append(field).append(": ").append(value).append("\r\n");
        return lines;
    }

    std::string method_, name_, arguments_;
    std::string id_ = "\"call-1\"";
    std::string meta_ = R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                        R"("io.modelcontextprotocol/clientCapabilities":{}})";
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// The code of the error that a body is; 0 for none.
inline int code_in(const std::string& body) {
    const auto at = body.find(R"("error":{"code":)");
    return at == std::string::npos ? 0 : std::stoi(body.substr(at + 16));
}

}  // namespace shadowcat::http
