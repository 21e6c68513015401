// SPDX-License-Identifier: Apache-2.0
// Configurations of the part under test.
#include "subject.hpp"

namespace shadowcat::contract {

namespace {
const Subject* current = nullptr;
}

const Subject& subject() { return *current; }
void set_subject(const Subject* now) { current = now; }

sdk::Json Subject::unreachable_config() const {
    sdk::Json config = plan_.config;
    config.update(plan_.unreachable);
    return checked(config);
}

std::vector<sdk::ConfigError> Subject::errors_of(const sdk::Json& value) const {
    std::vector<sdk::ConfigError> errors;
    sdk::validate(part_.schema, value, "config", errors);
    return errors;
}

sdk::Json Subject::checked(const sdk::Json& value) const {
    std::vector<sdk::ConfigError> errors;
    sdk::Json out = sdk::validate(part_.schema, value, "config", errors);
    if (!errors.empty()) throw std::runtime_error(errors[0].path + ": " + errors[0].message);
    return out;
}

}  // namespace shadowcat::contract
