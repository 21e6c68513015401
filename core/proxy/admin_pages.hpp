// SPDX-License-Identifier: Apache-2.0
// The pages for operators and load balancers.
#pragma once

#include "core/proxy/pages.hpp"
#include "core/proxy/reloader.hpp"

#include <functional>

namespace shadowcat::core {

/// What the pages show and what they start. All of it outlives the pages.
class AdminSubject {
public:
    AdminSubject(Shared& what, WorkerSet& on, std::vector<std::unique_ptr<WorkerParts>>& each,
                 Reloader& reloads, std::function<void()> begin_drain)
        : shared(what),
          workers(on),
          parts(each),
          reloader(reloads),
          drain(std::move(begin_drain)) {}

    Shared& shared;
    WorkerSet& workers;
    std::vector<std::unique_ptr<WorkerParts>>& parts;
    Reloader& reloader;
    std::function<void()> drain;  ///< on worker 0
    const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

/// `/health` as the seed has it, `/healthz` (the process lives) and `/readyz` (it can serve).
void add_health_pages(Pages& pages, AdminSubject& subject);

/// `/stats`, `/upstreams`, `/sessions`, `/config`, and POST `/drain` and `/reload`.
void add_admin_pages(Pages& pages, AdminSubject& subject);

}  // namespace shadowcat::core
