// SPDX-License-Identifier: Apache-2.0
// Mcp-Name and Mcp-Param-*: values of a request's body that MCP 2026-07-28 mirrors in HTTP headers.
#pragma once

#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::sdk::inline v1 {

/// One `Mcp-Param-*` header: the name behind the prefix, and the value as it stands in the request.
class MirroredHeader {
public:
    MirroredHeader(std::string of, std::string as) : name(std::move(of)), value(std::move(as)) {}
    bool operator==(const MirroredHeader&) const = default;

    std::string name;
    std::string value;
};

/// `value` as it may stand in a header: as it is, or wrapped as `=?base64?…?=` when it has
/// characters that a header can't carry, white space at an end, or looks wrapped already. MCP
/// 2026-07-28, basic/transports/streamable-http, Value Encoding.
SHADOWCAT_API std::string encode_mirrored(std::string_view value);

/// The value that a header stands for; none when it is wrapped but can't be read (alphabet,
/// padding, not UTF-8) or holds characters that no header may.
SHADOWCAT_API std::optional<std::string> decode_mirrored(std::string_view header);

/// What `Mcp-Name` of `request` mirrors: the name of a tool or prompt, the URI of a resource that
/// is read, the id of a task. None for methods that have no such header.
SHADOWCAT_API std::optional<std::string_view> mirrored_name(const Message& request);

/// The parameters of one tool that its input schema marks with `x-mcp-header`.
class SHADOWCAT_API MirroredParameters {
public:
    /// Reads a tool's `inputSchema` (JSON text). Fails with `protocol`, saying why, when an
    /// annotation breaks a rule (duties A.8); the tool can then not be offered over HTTP.
    static Result<MirroredParameters> read(std::string_view input_schema);

    bool empty() const noexcept { return parameters_.empty(); }

    /// The headers for a call with these `arguments` (JSON text; may be empty): one for each marked
    /// property that is there and not null.
    std::vector<MirroredHeader> headers(std::string_view arguments) const;

    /// What disagrees between `headers` and `arguments`; none when nothing does. Names are compared
    /// without regard to case, integers by value; headers of other names are nobody's business.
    std::optional<std::string> mismatch(std::string_view arguments,
                                        std::span<const MirroredHeader> headers) const;

private:
    enum class Type : std::uint8_t { string, integer, boolean };
    class Parameter {
    public:
        std::string header;             // behind `Mcp-Param-`
        std::vector<std::string> path;  // keys from the arguments on
        Type type = Type::string;
    };

    std::vector<Parameter> parameters_;
};

}  // namespace shadowcat::sdk::inline v1
