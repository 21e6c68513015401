// SPDX-License-Identifier: Apache-2.0
// OpenSSL's context for a client.
#include "tls_trust.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace shadowcat::otlp {

namespace {

using Context = asio::ssl::context;

constexpr unsigned char kHttp11[] = "\x08http/1.1";

void settle(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");  // for TLS 1.2
    SSL_CTX_set_alpn_protos(context, kHttp11, sizeof kHttp11 - 1);
}

Error unusable(const std::string& what, const error_code& why) {
    return Error(ErrorCode::config, "can't use " + what + ": " + why.message());
}

}  // namespace

TlsTrust::TlsTrust(std::unique_ptr<Context> context) : context_(std::move(context)) {}
TlsTrust::TlsTrust(TlsTrust&&) noexcept = default;
TlsTrust& TlsTrust::operator=(TlsTrust&&) noexcept = default;
TlsTrust::~TlsTrust() = default;

Result<TlsTrust> TlsTrust::load(const std::string& ca_file) {
    auto context = std::make_unique<Context>(Context::tls_client);
    settle(context->native_handle());
    context->set_verify_mode(asio::ssl::verify_peer);
    error_code failed;
    if (ca_file.empty()) {
        context->set_default_verify_paths(failed);
        if (failed) return unusable("the system's CA certificates", failed);
    } else {
        context->load_verify_file(ca_file, failed);
        if (failed) return unusable("ca_file " + ca_file, failed);
    }
    return TlsTrust(std::move(context));
}

void TlsTrust::expect_peer(ssl_st* ssl, const std::string& host) {
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
        return;
    }
    SSL_set_tlsext_host_name(ssl, host.c_str());
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, host.c_str());
}

}  // namespace shadowcat::otlp
