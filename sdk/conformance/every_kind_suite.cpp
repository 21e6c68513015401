// SPDX-License-Identifier: Apache-2.0
// What every part promises, whatever its kind: its configuration is described and checked.
#include "subject.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::contract;

namespace {

void check_described(const sdk::Schema& schema) {
    for (const sdk::ConfigField& field : schema.fields()) {
        INFO("key: ", field.name());
        CHECK_FALSE(field.description().empty());
        if (field.nested() != nullptr) check_described(*field.nested());
    }
}

/// Defaults pass their own schema.
void check_defaults(const sdk::Schema& schema) {
    for (const sdk::ConfigField& field : schema.fields()) {
        if (!field.default_value()) continue;
        sdk::Schema alone;
        alone.add(field);
        sdk::Json value = sdk::Json::object();
        value[field.name()] = *field.default_value();
        std::vector<sdk::ConfigError> errors;
        sdk::validate(alone, value, "", errors);
        INFO("key: ", field.name());
        CHECK(errors.empty());
    }
}

}  // namespace

TEST_SUITE("every kind") {
    TEST_CASE("the part says what it is, and what each of its keys means") {
        CHECK_FALSE(subject().part().description.empty());
        check_described(subject().part().schema);
    }

    TEST_CASE("the configuration of the contract file is accepted") {
        const auto errors = subject().errors_of(subject().plan().config);
        for (const sdk::ConfigError& error : errors)
            FAIL_CHECK(error.path, ": ", error.message);
    }

    TEST_CASE("a key that doesn't exist is refused") {
        sdk::Json config = subject().plan().config;
        config["no_such_key_exists"] = true;
        CHECK_FALSE(subject().errors_of(config).empty());
    }

    TEST_CASE("defaults keep to their own bounds") { check_defaults(subject().part().schema); }
}
