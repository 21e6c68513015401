// SPDX-License-Identifier: Apache-2.0
// Pages are made on worker 0, which alone knows the current configuration.
#include "core/proxy/admin_pages.hpp"

#include "core/proxy/describe.hpp"

#include <unistd.h>

namespace shadowcat::core {

namespace {

using sdk::Page;

/// Runs `make` on worker 0 for whoever asks on `here`.
sdk::awaitable<> store(std::function<sdk::awaitable<Page>()> make, Page& page) {
    page = co_await make();
}

sdk::awaitable<Page> on_worker_0(AdminSubject& subject, sdk::Worker& here,
                                 std::function<sdk::awaitable<Page>()> make) {
    Page page(500, "text/plain", "the page could not be made\n");
    std::function<sdk::awaitable<>()> task = [&make, &page] { return store(make, page); };
    co_await subject.workers.run_on(here, 0, std::move(task));
    co_return page;
}

using Maker = sdk::awaitable<Page> (*)(AdminSubject&, sdk::PageRequest);

void add(Pages& pages, AdminSubject& subject, const char* path, const char* method, Maker maker) {
    pages.add(path, method, [&subject, maker](sdk::PageRequest request, sdk::Worker& here) {
        std::function<sdk::awaitable<Page>()> make = [&subject, maker, request] {
            return maker(subject, request);
        };
        return on_worker_0(subject, here, std::move(make));
    });
}

bool any_upstream_usable(const Shared& shared) {
    return std::ranges::any_of(shared.upstreams, [](const auto& each) { return usable(*each); });
}

/// The seed's page: 200 while at least one upstream is healthy.
sdk::awaitable<Page> health(AdminSubject& subject, sdk::PageRequest) {
    sdk::Json states = sdk::Json::object();
    for (const auto& each : subject.shared.upstreams)
        states[each->name] = each->healthy ? "healthy" : "unhealthy";
    const bool any = any_upstream_usable(subject.shared);
    const sdk::Json body = {{"status", any ? "ok" : "unavailable"}, {"upstreams", states}};
    co_return json_page(any ? 200 : 503, body);
}

sdk::awaitable<Page> alive(AdminSubject&, sdk::PageRequest) {
    const sdk::Json body = {{"status", "alive"}};
    co_return json_page(200, body);
}

sdk::awaitable<Page> ready(AdminSubject& subject, sdk::PageRequest) {
    const bool draining = subject.shared.draining;
    const bool any = any_upstream_usable(subject.shared);
    const char* status = draining ? "draining" : any ? "ready" : "no upstream can serve";
    const sdk::Json body = {{"status", status}};
    co_return json_page(!draining && any ? 200 : 503, body);
}

sdk::awaitable<Page> upstreams(AdminSubject& subject, sdk::PageRequest) {
    sdk::Json list = sdk::Json::array();
    for (const auto& each : subject.shared.upstreams)
        list.push_back(describe(*each));
    const sdk::Json body = {{"upstreams", list}};
    co_return json_page(200, body);
}

sdk::awaitable<> collect_sessions(WorkerParts& parts, sdk::Json& list) {
    append_sessions(parts.table(), list);
    co_return;
}

sdk::awaitable<Page> sessions(AdminSubject& subject, sdk::PageRequest) {
    sdk::Json list = sdk::Json::array();
    for (std::size_t i = 0; i < subject.parts.size(); ++i) {
        WorkerParts& parts = *subject.parts[i];
        std::function<sdk::awaitable<>()> there = [&parts, &list] {
            return collect_sessions(parts, list);
        };
        co_await subject.workers.run_on(subject.workers[0], i, std::move(there));
    }
    const sdk::Json body = {{"count", list.size()}, {"sessions", list}};
    co_return json_page(200, body);
}

sdk::awaitable<Page> stats(AdminSubject& subject, sdk::PageRequest) {
    sdk::Json body = describe(subject.shared);
    const auto age = std::chrono::steady_clock::now() - subject.started;
    body["version"] = SHADOWCAT_VERSION;
    body["pid"] = ::getpid();
    body["uptime_secs"] = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    body["workers"] = subject.workers.size();
    body["reload"] = subject.reloader.last().json();
    co_return json_page(200, body);
}

sdk::awaitable<Page> config(AdminSubject& subject, sdk::PageRequest) {
    co_return json_page(200, subject.shared.config.shown);
}

sdk::awaitable<Page> drain(AdminSubject& subject, sdk::PageRequest) {
    subject.drain();
    const sdk::Json body = {{"status", "draining"}};
    co_return json_page(202, body);
}

sdk::awaitable<Page> reload(AdminSubject& subject, sdk::PageRequest) {
    if (!subject.reloader.possible()) {
        const sdk::Json body = {{"error", "started without a configuration file"}};
        co_return json_page(409, body);
    }
    const ReloadRecord record = co_await subject.reloader.reload("admin");
    co_return json_page(record.applied ? 200 : 422, record.json());
}

}  // namespace

void add_health_pages(Pages& pages, AdminSubject& subject) {
    add(pages, subject, "/health", "GET", health);
    add(pages, subject, "/healthz", "GET", alive);
    add(pages, subject, "/readyz", "GET", ready);
}

void add_admin_pages(Pages& pages, AdminSubject& subject) {
    add(pages, subject, "/stats", "GET", stats);
    add(pages, subject, "/upstreams", "GET", upstreams);
    add(pages, subject, "/sessions", "GET", sessions);
    add(pages, subject, "/config", "GET", config);
    add(pages, subject, "/drain", "POST", drain);
    add(pages, subject, "/reload", "POST", reload);
}

}  // namespace shadowcat::core
