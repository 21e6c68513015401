// SPDX-License-Identifier: Apache-2.0
// The method table (duties A.2, B.6, B.8, B.10, B.14, B.15).
#include "core/mcp/methods.hpp"

#include <array>

namespace shadowcat::core::mcp {

namespace {

using enum ClientCapability;
using enum WhenShared;
using enum Leaves;

constexpr auto kRead = Retry::read;
constexpr auto kAsAnnotated = Retry::by_annotation;
constexpr auto kOnce = Retry::never;

constexpr std::array kMethods = {
    Method{"tools/call", none, forward, kAsAnnotated, Leaves::by_annotation, SpokenIn::both},
    Method{"tools/list", none, forward, kRead, nothing, SpokenIn::both},
    Method{"initialize", none, answer, kRead, nothing, SpokenIn::sessions},
    Method{"ping", none, answer, kRead, nothing, SpokenIn::sessions},
    Method{"prompts/list", none, forward, kRead, nothing, SpokenIn::both},
    Method{"prompts/get", none, forward, kRead, nothing, SpokenIn::both},
    Method{"resources/list", none, forward, kRead, nothing, SpokenIn::both},
    Method{"resources/read", none, forward, kRead, nothing, SpokenIn::both},
    Method{"resources/templates/list", none, forward, kRead, nothing, SpokenIn::both},
    Method{"resources/subscribe", none, subscribe, kRead, remembered, SpokenIn::sessions},
    Method{"resources/unsubscribe", none, unsubscribe, kRead, remembered, SpokenIn::sessions},
    Method{"completion/complete", none, forward, kRead, nothing, SpokenIn::both},
    Method{"logging/setLevel", none, answer, kRead, remembered, SpokenIn::sessions},
    Method{"tasks/get", none, forward, kRead, something, SpokenIn::both},
    Method{"tasks/result", none, forward, kOnce, something, SpokenIn::sessions},
    Method{"tasks/list", none, forward, kRead, something, SpokenIn::sessions},
    Method{"tasks/cancel", none, forward, kRead, something, SpokenIn::both},
    Method{"tasks/update", none, forward, kRead, something, SpokenIn::stateless},
    Method{"server/discover", none, forward, kRead, nothing, SpokenIn::stateless},
    Method{"subscriptions/listen", none, forward, kRead, something, SpokenIn::stateless},
    Method{"sampling/createMessage", sampling},
    Method{"elicitation/create", elicitation},
    Method{"roots/list", roots},
    Method{"notifications/initialized", none, swallow, kOnce, something, SpokenIn::sessions},
    Method{"notifications/cancelled", none, forward, kOnce, something, SpokenIn::both},
    Method{"notifications/progress", none, swallow, kOnce, something, SpokenIn::sessions},
    Method{"notifications/roots/list_changed", none, swallow, kOnce, something, SpokenIn::sessions},
    Method{"notifications/message"},
    Method{"notifications/tools/list_changed"},
    Method{"notifications/prompts/list_changed"},
    Method{"notifications/resources/list_changed"},
    Method{"notifications/resources/updated"},
    Method{"notifications/elicitation/complete"},
    Method{"notifications/tasks/status", none, forward, kOnce, something, SpokenIn::sessions},
    Method{""},
};

}  // namespace

std::span<const Method> methods() noexcept { return kMethods; }

std::size_t method_index(std::string_view name) noexcept {
    std::size_t index = 0;
    while (index + 1 < kMethods.size() && kMethods[index].name != name)
        ++index;
    return index;
}

}  // namespace shadowcat::core::mcp
