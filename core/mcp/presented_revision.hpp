// SPDX-License-Identifier: Apache-2.0
// What a client is told of the revision that its server speaks.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <string_view>

namespace shadowcat::core::mcp {

namespace sdk = shadowcat::sdk;

/// Changes `response`, the result of the client's `initialize` (the text `request`), where the
/// server answered with a newer revision than the client asked for, and so perhaps knows: the
/// client gets the one it asked for, since a server of a newer one does nothing that it hasn't
/// declared (duties C.4). A server of 2024-11-05 doesn't declare completion although it may have
/// it; for clients of newer revisions it is declared.
void present_revision(sdk::Message& response, std::string_view request);

}  // namespace shadowcat::core::mcp
