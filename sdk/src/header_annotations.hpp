// SPDX-License-Identifier: Apache-2.0
// AnnotationReader: finds the x-mcp-header annotations of a tool's input schema.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::sdk::inline v1 {

class HeaderAnnotation {
public:
    std::string header;
    std::vector<std::string> path;
    std::string type;  // string, integer or boolean
};

/// Walks every place of a schema where a schema stands; what is data (`default`, `enum`, …) holds
/// no annotations, and a property may well be called `x-mcp-header`. MCP 2026-07-28,
/// basic/transports/streamable-http, Schema Extension.
class AnnotationReader {
public:
    /// Fails with `protocol`, naming property and rule, when an annotation can't be followed.
    static Result<std::vector<HeaderAnnotation>> read(std::string_view schema);

private:
    using Json = nlohmann::json;

    /// `reachable`: through `properties` alone, so that the path of a value is known.
    void schema(const Json& at, bool reachable);
    void subschemas(const std::string& keyword, const Json& at, bool reachable);
    void properties(const Json& at, bool reachable);
    void annotation(const Json& of, bool reachable);
    void fail(std::string_view why);

    std::vector<std::string> path_;
    std::vector<HeaderAnnotation> found_;
    std::string problem_;
};

}  // namespace shadowcat::sdk::inline v1
