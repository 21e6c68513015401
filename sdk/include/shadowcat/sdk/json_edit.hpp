// SPDX-License-Identifier: Apache-2.0
// Reads and changes JSON texts by cutting and pasting: what isn't meant stays as it is, byte by
// byte.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// Texts given to these functions are valid JSON, as `Message` has checked its bytes; numbers keep
/// their digits and strings their escapes. Pure functions; linear in the length of the text.
namespace shadowcat::sdk::inline v1::json {

/// The value of the member `key` of `object`, as it stands in the text. Empty when there is no such
/// member, or `object` is no object. Of several the first.
SHADOWCAT_API std::string_view member(std::string_view object, std::string_view key);

/// The value at a path of keys: `at(result, {"_meta", "progressToken"})`. Empty when there is none.
SHADOWCAT_API std::string_view at(std::string_view object,
                                  std::initializer_list<std::string_view> keys);

/// Calls `visit` with key (escapes resolved) and value of each member, in order; nothing for what
/// is no object.
SHADOWCAT_API void for_each_member(
    std::string_view object,
    const std::function<void(std::string_view key, std::string_view value)>& visit);

/// Calls `visit` with each element of `array`, in order; nothing for what is no array.
SHADOWCAT_API void for_each_element(std::string_view array,
                                    const std::function<void(std::string_view element)>& visit);

/// `object` with the member `key` set to `value` (JSON text): replaced where it stands, else added
/// at the end. For text that is no object: an object of that one member.
SHADOWCAT_API std::string with_member(std::string_view object, std::string_view key,
                                      std::string_view value);

/// `object` without these members.
SHADOWCAT_API std::string without_members(std::string_view object,
                                          std::initializer_list<std::string_view> keys);

inline bool is_object(std::string_view text) { return !text.empty() && text.front() == '{'; }
inline bool is_array(std::string_view text) { return !text.empty() && text.front() == '['; }
inline bool is_string(std::string_view text) { return !text.empty() && text.front() == '"'; }

/// The characters of a string token, escapes resolved; empty when `token` is no string.
SHADOWCAT_API std::string unquote(std::string_view token);

}  // namespace shadowcat::sdk::inline v1::json
