// SPDX-License-Identifier: Apache-2.0
// TlsClient: how a test's client speaks TLS: what it offers and how it identifies itself.
#pragma once

#include "testing/raw_client.hpp"
#include "testing/test_certificate.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace shadowcat::http::testing {

/// Believes every server. Whatever the system's configuration says, old versions and weak suites
/// can be offered.
class TlsClient {
public:
    TlsClient() : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    }

    TlsClient& show(const TestCertificate& certificate) {
        SSL_CTX_use_certificate_file(context_.get(), certificate.cert_path.c_str(),
                                     SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context_.get(), certificate.key_path.c_str(), SSL_FILETYPE_PEM);
        return *this;
    }

    /// `protocol` of at most 255 bytes.
    TlsClient& offer(const std::string& protocol) {
        const std::string list = static_cast<char>(protocol.size()) + protocol;
        SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(list.data()),
                                static_cast<unsigned>(list.size()));
        return *this;
    }

    TlsClient& newest(int version) {
        SSL_CTX_set_max_proto_version(context_.get(), version);
        return *this;
    }

    /// Of TLS 1.2 and older.
    TlsClient& suites(const char* list) {
        SSL_CTX_set_cipher_list(context_.get(), list);
        return *this;
    }

    bool connect(RawClient& client) const { return client.start_tls(context_.get()); }

    ssl_ctx_st* native() const noexcept { return context_.get(); }

private:
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

}  // namespace shadowcat::http::testing
