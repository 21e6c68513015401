// SPDX-License-Identifier: Apache-2.0
// What a TLS connection tells about its peer: who it is, and why there is no connection.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <cstddef>
#include <string>

struct ssl_st;
struct x509_st;

namespace shadowcat::http {

using namespace shadowcat::sdk;

inline constexpr std::size_t kLongestPrincipal = 256;

/// The certificate's subject as RFC 2253 writes it (`CN=agent 7,O=Example`), printable ASCII of at
/// most `kLongestPrincipal` bytes. Never empty and never the same for two subjects: a longer one is
/// cut and ends with `#` and 32 hex digits of its SHA-256; without a subject it is `sha256:` and
/// the certificate's fingerprint.
std::string principal_of(x509_st* certificate);

/// Of the peer's verified certificate; empty when it showed none.
std::string verified_principal(ssl_st* ssl);

/// Why the handshake failed, in OpenSSL's words without its module names.
std::string handshake_failure(ssl_st* ssl, bool as_client, const error_code& failed);

/// A server's refusal of this side's certificate (or of its lack). In TLS 1.3 the client learns of
/// it only when it reads for the first time; the server has looked at nothing it was sent.
bool refuses_certificate(const error_code& failed);

/// `failed` in OpenSSL's words without its module name.
std::string tls_reason(const error_code& failed);

}  // namespace shadowcat::http
