// SPDX-License-Identifier: Apache-2.0
// Header lines, never with anything that could end one early.
#include "mirror_lines.hpp"

#include "shadowcat/sdk/json_edit.hpp"

namespace shadowcat::http {

namespace {

void append_line(std::string& lines, std::string_view name, std::string_view value) {
    lines.append(name).append(": ").append(value).append("\r\n");
}

/// Version and method have no encoding: only what needs none may stand there.
void append_plain(std::string& lines, std::string_view name, std::string_view value) {
    if (!value.empty() && encode_mirrored(value) == value) append_line(lines, name, value);
}

}  // namespace

std::string mirror_lines(const Message& message, const ToolSchemas& schemas) {
    std::string lines;
    append_plain(lines, "MCP-Protocol-Version", message.meta_version());
    append_plain(lines, "Mcp-Method", message.method());
    const auto name = mirrored_name(message);
    if (!name) return lines;
    append_line(lines, "Mcp-Name", encode_mirrored(*name));
    if (message.method() != "tools/call") return lines;
    const MirroredParameters* parameters = schemas.find(*name);
    if (!parameters) return lines;
    for (const auto& each : parameters->headers(json::member(message.params(), "arguments")))
        append_line(lines, "Mcp-Param-" + each.name, each.value);
    return lines;
}

}  // namespace shadowcat::http
