// SPDX-License-Identifier: Apache-2.0
// The method table (duties A.2, B.6, B.8, B.10, B.14).
#include "core/mcp/methods.hpp"

#include <array>

namespace shadowcat::core::mcp {

namespace {

using enum ClientCapability;
using enum WhenShared;

constexpr std::array kMethods = {
    Method{"tools/call"},
    Method{"tools/list"},
    Method{"initialize", none, answer},
    Method{"ping", none, answer},
    Method{"prompts/list"},
    Method{"prompts/get"},
    Method{"resources/list"},
    Method{"resources/read"},
    Method{"resources/templates/list"},
    Method{"resources/subscribe", none, subscribe},
    Method{"resources/unsubscribe", none, unsubscribe},
    Method{"completion/complete"},
    Method{"logging/setLevel", none, answer},
    Method{"tasks/get"},
    Method{"tasks/result"},
    Method{"tasks/list"},
    Method{"tasks/cancel"},
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
