// SPDX-License-Identifier: Apache-2.0
// Finds control sockets and talks to one.
#include "shadowcat/sdk/control_client.hpp"
