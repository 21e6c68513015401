// SPDX-License-Identifier: Apache-2.0
// What nearly every translation unit of ours includes; precompiled.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>
