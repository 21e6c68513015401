// SPDX-License-Identifier: Apache-2.0
// Registering, finding and forgetting handlers.
#include "core/control/control_verbs.hpp"

#include <utility>

namespace shadowcat::core {

namespace {

/// Runs `action` when the last holder lets go.
std::shared_ptr<void> at_the_end(std::function<void()> action) {
    return std::shared_ptr<void>(nullptr, [action = std::move(action)](void*) { action(); });
}

}  // namespace

std::shared_ptr<void> ControlVerbs::serve(std::string verb, Handler handler) {
    const std::lock_guard lock(table_->mutex);
    const std::uint64_t number = ++table_->last;
    table_->verbs[verb].emplace(number, std::move(handler));
    return at_the_end([table = table_, verb = std::move(verb), number] {
        Handler gone;  // outside the lock: it may hold what registers and unregisters
        const std::lock_guard inner(table->mutex);
        const auto found = table->verbs.find(verb);
        gone = std::move(found->second.at(number));
        found->second.erase(number);
        if (found->second.empty()) table->verbs.erase(found);
    });
}

std::optional<ControlVerbs::Handler> ControlVerbs::find(const std::string& verb) const {
    const std::lock_guard lock(table_->mutex);
    const auto found = table_->verbs.find(verb);
    if (found == table_->verbs.end()) return std::nullopt;
    return found->second.rbegin()->second;
}

std::vector<std::string> ControlVerbs::names() const {
    const std::lock_guard lock(table_->mutex);
    std::vector<std::string> names;
    for (const auto& [verb, handlers] : table_->verbs)
        names.push_back(verb);
    return names;
}

}  // namespace shadowcat::core
