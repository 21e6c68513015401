// SPDX-License-Identifier: Apache-2.0
// Pages: what a listener serves beside MCP.
#pragma once

#include "shadowcat/sdk/listener.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Paths and what makes their pages. Thread-safe: pages are asked for rarely and on every worker.
class Pages {
public:
    using Handler = std::function<sdk::awaitable<sdk::Page>(sdk::PageRequest, sdk::Worker& here)>;

    /// Serves `handler` at `path` for `method` (GET or POST) alone. False when the path is taken.
    bool add(std::string path, std::string method, Handler handler);

    /// A page that is made on the spot, on whichever worker asks.
    bool add(std::string path, std::function<sdk::Page()> render);

    bool has(std::string_view path) const;

    /// 404 for unknown paths, 405 for other methods.
    sdk::awaitable<sdk::Page> serve(sdk::PageRequest request, sdk::Worker& here) const;

private:
    class Entry {
    public:
        std::string method;
        Handler handler;
    };
    Entry find(std::string_view path) const;

    mutable std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;
};

/// `value` as a page, one line of JSON.
sdk::Page json_page(int status, const sdk::Json& value);

}  // namespace shadowcat::core
