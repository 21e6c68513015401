// SPDX-License-Identifier: Apache-2.0
// The plugin ABI: one C data symbol that the loader reads before it calls anything.
#pragma once

#include "shadowcat/sdk/registrar.hpp"
#include "shadowcat/sdk/version.hpp"

#include <boost/version.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>

/// First bytes of every descriptor.
#define SHADOWCAT_PLUGIN_MAGIC 0x5343504cu  // "SCPL"

#define SHADOWCAT_TEXT_(x) #x
#define SHADOWCAT_TEXT(x) SHADOWCAT_TEXT_(x)

#if defined(__SANITIZE_THREAD__)
#define SHADOWCAT_SANITIZER "thread"
#elif defined(__SANITIZE_ADDRESS__)
#define SHADOWCAT_SANITIZER "address"
#else
#define SHADOWCAT_SANITIZER "none"
#endif

/// What must be equal on both sides of the boundary: same-toolchain C++ is the ABI.
#define SHADOWCAT_FINGERPRINT \
    "abi=" SHADOWCAT_TEXT(SHADOWCAT_ABI_MAJOR) " sdk=" SHADOWCAT_SDK_VERSION                      \
    " gcc=" SHADOWCAT_TEXT(__GNUC__) " c++=" SHADOWCAT_TEXT(__cplusplus)                          \
    " cxx11abi=" SHADOWCAT_TEXT(_GLIBCXX_USE_CXX11_ABI) " boost=" SHADOWCAT_TEXT(BOOST_VERSION)   \
    " json=" SHADOWCAT_TEXT(NLOHMANN_JSON_VERSION_MAJOR) "." SHADOWCAT_TEXT(                      \
        NLOHMANN_JSON_VERSION_MINOR) " recycle=" SHADOWCAT_TEXT(                                  \
        BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE) " sanitizer=" SHADOWCAT_SANITIZER

extern "C" {

/// What a plugin exports as `shadowcat_plugin_v1`. The loader checks `magic`, `size` and
/// `fingerprint`, in this order, before it calls `register_parts`.
struct shadowcat_plugin_descriptor {
    std::uint32_t magic;
    std::uint32_t size;
    const char* fingerprint;
    const char* name;  ///< as in `plugins.load`, equal to the file's name without `.so`
    const char* version;
    const char* description;  ///< one line for `shadowcat plugins list`
    void (*register_parts)(shadowcat::sdk::v1::Registrar&);
};

}  // extern "C"

/// Defines the descriptor; once per plugin, at global scope:
///
///     void register_parts(shadowcat::sdk::Registrar& registrar) { registrar.add<…>(…); }
///     SHADOWCAT_PLUGIN("transport-tcp", "1.0.0", "MCP over a TCP socket", register_parts)
#define SHADOWCAT_PLUGIN(NAME, VERSION, DESCRIPTION, REGISTER)           \
    extern "C" __attribute__((visibility("default")))                    \
    const shadowcat_plugin_descriptor shadowcat_plugin_v1;               \
    extern "C" const shadowcat_plugin_descriptor shadowcat_plugin_v1 = { \
        SHADOWCAT_PLUGIN_MAGIC,                                          \
        sizeof(shadowcat_plugin_descriptor),                             \
        SHADOWCAT_FINGERPRINT,                                           \
        NAME,                                                            \
        VERSION,                                                         \
        DESCRIPTION,                                                     \
        &REGISTER};
