// SPDX-License-Identifier: Apache-2.0
// The prompt `greet`, and completion of the names that it and the greeting template take.
#pragma once

#include "json_rpc.hpp"

namespace demo {

Json list_prompts();
Json get_prompt(const Json& params);
Json complete(const Json& params);

}  // namespace demo
