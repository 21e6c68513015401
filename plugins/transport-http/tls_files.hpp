// SPDX-License-Identifier: Apache-2.0
// Reading PEM files into an OpenSSL context, with errors that name key and file.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "tls_context.hpp"

#include <string>
#include <string_view>

struct ssl_ctx_st;

namespace shadowcat::http {

/// The chain that `context` shows and its key, which must fit. Gives the chain's time of validity.
Result<CertificateFacts> load_identity(ssl_ctx_st* context, const std::string& cert_path,
                                       const std::string& key_path);

/// The certificates that `context` trusts, from the file that the key `tls.<key>` names. With
/// `announce` clients are told whose certificates are wanted.
Result<void> load_authorities(ssl_ctx_st* context, std::string_view key, const std::string& path,
                              bool announce);

}  // namespace shadowcat::http
