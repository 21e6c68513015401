// SPDX-License-Identifier: Apache-2.0
// ListenerOptions: how much of one client on stdin and stdout the listener bears.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstddef>

namespace shadowcat::transport_stdio {

class ListenerOptions {
public:
    static sdk::Schema schema();

    /// From a value that passed the schema.
    explicit ListenerOptions(const sdk::Json& config);

    sdk::ParseLimits limits;
    std::size_t max_in_flight;
    sdk::Duration drain;
    sdk::Duration write_patience;
};

}  // namespace shadowcat::transport_stdio
