// SPDX-License-Identifier: Apache-2.0
// The proxy's pages over HTTP.
#pragma once

#include "http_connection.hpp"

namespace shadowcat::http {

/// Answers the request that `connection` has read in full, for a path that has a page.
awaitable<> answer_with_page(HttpConnection& connection);

}  // namespace shadowcat::http
