// SPDX-License-Identifier: Apache-2.0
// RequestHead: what the listener wants to know of a request before its body.
#pragma once

#include "shadowcat/sdk/mirrored_headers.hpp"

#include "text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::http {

namespace sdk = shadowcat::sdk;

enum class Method : std::uint8_t { get, head, post, remove, options, other };

/// One header that may stand in a request at most once. Keeps its capacity from request to request.
class SingleHeader {
public:
    void clear() noexcept {
        value_.clear();
        count_ = 0;
    }
    void add(std::string_view value) {
        value_.assign(value);
        ++count_;
    }
    bool present() const noexcept { return count_ > 0; }
    bool repeated() const noexcept { return count_ > 1; }
    unsigned count() const noexcept { return count_; }
    const std::string& value() const noexcept { return value_; }

private:
    std::string value_;
    unsigned count_ = 0;
};

/// More `Mcp-Param-*` headers than a tool can sensibly have.
inline constexpr std::size_t kMostMirrored = 64;

/// One per connection, filled anew for each request.
class RequestHead {
public:
    void clear() {
        method = Method::other;
        target.clear();
        authority.clear();
        http_1_0 = keep_alive = chunked = expects_continue = unmet_expectation = encoded = false;
        content_length.reset();
        accept.clear();
        mirrored.clear();
        too_many_mirrored = false;
        for (SingleHeader* header :
             {&host, &origin, &content_type, &session_id, &protocol_version, &mcp_method, &mcp_name,
              &last_event_id, &traceparent, &preflight_method, &preflight_headers}) {
            header->clear();
        }
    }

    /// The target's path, without query.
    std::string_view path() const noexcept { return cut(target, '?').first; }
    std::string_view query() const noexcept { return cut(target, '?').second; }

    bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }

    Method method = Method::other;
    std::string target;     ///< origin form; of an absolute form only path and query
    std::string authority;  ///< of an absolute form, which then replaces the Host field's value
    bool http_1_0 = false;
    bool keep_alive = false;
    bool chunked = false;
    bool expects_continue = false;
    bool unmet_expectation = false;  ///< an Expect other than 100-continue
    bool encoded = false;            ///< a Content-Encoding other than identity
    bool too_many_mirrored = false;  ///< more than `kMostMirrored`
    std::optional<std::uint64_t> content_length;
    std::string accept;  ///< several fields are one list
    SingleHeader host;
    SingleHeader origin;
    SingleHeader content_type;
    SingleHeader session_id;
    SingleHeader protocol_version;
    SingleHeader mcp_method;
    SingleHeader mcp_name;
    SingleHeader last_event_id;
    SingleHeader traceparent;
    SingleHeader preflight_method;
    SingleHeader preflight_headers;
    std::vector<sdk::MirroredHeader> mirrored;  ///< `Mcp-Param-*`, in order, a bounded number
};

}  // namespace shadowcat::http
