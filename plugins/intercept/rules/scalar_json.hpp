// SPDX-License-Identifier: Apache-2.0
// scalar_json: values of a rules file as the JSON text that goes into messages.
#pragma once

#include "rules/yaml_node.hpp"

#include <string>

namespace shadowcat::intercept {

/// `node` as JSON text. Unquoted scalars are typed as YAML 1.2's core schema does (so `no` is
/// text); numbers keep their digits where JSON can write them so, whatever their size.
std::string json_of(const YamlNode& node);

/// True when `text` is a number as JSON writes it.
bool is_json_number(std::string_view text);

}  // namespace shadowcat::intercept
