// SPDX-License-Identifier: Apache-2.0
// What a POST of the stateless era must be like; decisions only, no I/O (duties A.6, step 10).
#pragma once

#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/stateless.hpp"

#include "refusal.hpp"
#include "request_head.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::http {

/// The era in which a POSTed message is meant.
Era era_of_post(const RequestHead& head, const Message& message, const Service& service);

/// What `message` and the headers that mirror it must be like before anybody sees them.
std::optional<Refusal> check_stateless_post(const RequestHead& head, const Message& message,
                                            const Service& service);

/// The `data` of a refused protocol version: which ones to try instead.
std::string revisions_to_try(std::span<const std::string_view> served, std::string_view requested);

}  // namespace shadowcat::http
