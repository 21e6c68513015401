// SPDX-License-Identifier: Apache-2.0
// Asking a server whether it is stateless, and what its answer says (duties A.11, C.0).
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstdint>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

enum class ProbeVerdict : std::uint8_t { stateless, sessions, no_evidence };

/// `server/discover` as a client of the newest stateless revision asks it.
sdk::Message discover_request();

/// What the answer to `discover_request` shows. Errors that only stateless servers give count as
/// stateless, any other as sessions; failures of the way there (refused, no capacity) are no
/// evidence. `process`: the server is a child process, of which silence or a crash says that it
/// can't cope with the question.
ProbeVerdict judge_probe(const sdk::Result<sdk::Message>& answer, bool process);

}  // namespace shadowcat::core
