// SPDX-License-Identifier: Apache-2.0
// References that stay at their origin.
#include "sse_endpoint.hpp"

#include "text.hpp"

#include <vector>

namespace shadowcat::http {

namespace {

constexpr std::size_t kLongest = 8192;

Error unusable(std::string_view why) {
    return upstream_error(ErrorCode::protocol, "the endpoint it announced " + std::string(why));
}

/// Whether `text` begins with a scheme and its colon.
bool has_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto colon = text.find_first_of(":/?");
    return !text.empty() && is_letter(text.front()) && colon != std::string_view::npos &&
           text[colon] == ':';
}

/// `path` without its segments `.` and `..` (RFC 3986, 5.2.4).
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    bool folder = false;  // the last segment was a dot: what is named is a folder
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        folder = segment == "." || segment == "..";
        if (segment == ".." && !kept.empty()) kept.pop_back();
        if (!folder) kept.push_back(segment);
    }
    std::string clean;
    for (const std::string_view segment : kept)
        clean.append("/").append(segment);
    if (folder || clean.empty()) clean += '/';
    return clean;
}

/// Path and query of `reference`, which names no authority, seen from `base`.
std::string merge(std::string_view base, std::string_view reference) {
    const std::string_view base_path = base.substr(0, base.find('?'));
    const auto query_at = std::min(reference.find('?'), reference.size());
    const std::string_view path = reference.substr(0, query_at);
    const std::string_view query = reference.substr(query_at);
    if (path.empty()) return std::string(base_path).append(query);
    const std::string folder(path.starts_with('/') ? std::string_view()
                                                   : base_path.substr(0, base_path.rfind('/') + 1));
    return without_dots(folder + std::string(path)).append(query);
}

}  // namespace

Result<std::string> sse_endpoint(const UpstreamUrl& stream, std::string_view reference) {
    reference = trim(reference);
    reference = reference.substr(0, reference.find('#'));
    if (reference.empty()) return unusable("is empty");
    if (reference.size() > kLongest) return unusable("is too long");
    const std::string scheme = stream.tls ? "https:" : "http:";
    std::string whole(reference);
    if (reference.starts_with("//")) {
        whole = scheme + whole;
    } else if (!has_scheme(reference)) {
        whole = scheme + "//" + stream.authority + merge(stream.target, reference);
    }
    const auto url = UpstreamUrl::parse(whole);
    if (url.has_error()) return unusable("is not a usable reference");
    const bool same_origin = url->tls == stream.tls && url->port == stream.port &&
                             equals_ignoring_case(url->host, stream.host);
    if (!same_origin) return unusable("is at another origin: " + url->authority);
    return url->target;
}

}  // namespace shadowcat::http
