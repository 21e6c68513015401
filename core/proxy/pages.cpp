// SPDX-License-Identifier: Apache-2.0
// Finding a page and refusing what is none.
#include "core/proxy/pages.hpp"

#include <nlohmann/json.hpp>

namespace shadowcat::core {

namespace {

sdk::Page no_such_page() { return json_page(404, {{"error", "no such page"}}); }

sdk::Page wrong_method(const std::string& right) {
    sdk::Page refusal = json_page(405, {{"error", "this page takes " + right}});
    refusal.allow = right == "GET" ? "GET, HEAD" : right;
    return refusal;
}

sdk::awaitable<sdk::Page> rendered(std::function<sdk::Page()> render) { co_return render(); }

}  // namespace

bool Pages::add(std::string path, std::string method, Handler handler) {
    Entry entry;
    entry.method = std::move(method);
    entry.handler = std::move(handler);
    const std::lock_guard lock(mutex_);
    return entries_.emplace(std::move(path), std::move(entry)).second;
}

bool Pages::add(std::string path, std::function<sdk::Page()> render) {
    return add(
        std::move(path), "GET",
        [render = std::move(render)](sdk::PageRequest, sdk::Worker&) { return rendered(render); });
}

bool Pages::has(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    return entries_.contains(path);
}

Pages::Entry Pages::find(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(path);
    return found != entries_.end() ? found->second : Entry();
}

sdk::awaitable<sdk::Page> Pages::serve(sdk::PageRequest request, sdk::Worker& here) const {
    const Entry entry = find(request.path);
    if (!entry.handler) co_return no_such_page();
    if (entry.method != request.method) {
        co_return wrong_method(entry.method);
    }
    co_return co_await entry.handler(std::move(request), here);
}

sdk::Page json_page(int status, const sdk::Json& value) {
    return sdk::Page(status, "application/json",
                     value.dump(-1, ' ', false, sdk::Json::error_handler_t::replace) + "\n");
}

}  // namespace shadowcat::core
