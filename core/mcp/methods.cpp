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
    Method{"tools/call", none, forward, kAsAnnotated, Leaves::by_annotation},
    Method{"tools/list", none, forward, kRead, nothing},
    Method{"initialize", none, answer, kRead, nothing},
    Method{"ping", none, answer, kRead, nothing},
    Method{"prompts/list", none, forward, kRead, nothing},
    Method{"prompts/get", none, forward, kRead, nothing},
    Method{"resources/list", none, forward, kRead, nothing},
    Method{"resources/read", none, forward, kRead, nothing},
    Method{"resources/templates/list", none, forward, kRead, nothing},
    Method{"resources/subscribe", none, subscribe, kRead, remembered},
    Method{"resources/unsubscribe", none, unsubscribe, kRead, remembered},
    Method{"completion/complete", none, forward, kRead, nothing},
    Method{"logging/setLevel", none, answer, kRead, remembered},
    Method{"tasks/get", none, forward, kRead, something},
    Method{"tasks/result", none, forward, kOnce, something},
    Method{"tasks/list", none, forward, kRead, something},
    Method{"tasks/cancel", none, forward, kRead, something},
    Method{"tasks/update", none, forward, kRead, something},
    Method{"server/discover", none, forward, kRead, nothing},
    Method{"subscriptions/listen", none, forward, kRead, something},
    Method{"sampling/createMessage", sampling},
    Method{"elicitation/create", elicitation},
    Method{"roots/list", roots},
    Method{"notifications/initialized", none, swallow},
    Method{"notifications/cancelled"},
    Method{"notifications/progress", none, swallow},
    Method{"notifications/roots/list_changed", none, swallow},
    Method{"notifications/message"},
    Method{"notifications/tools/list_changed"},
    Method{"notifications/prompts/list_changed"},
    Method{"notifications/resources/list_changed"},
    Method{"notifications/resources/updated"},
    Method{"notifications/elicitation/complete"},
    Method{"notifications/tasks/status"},
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
