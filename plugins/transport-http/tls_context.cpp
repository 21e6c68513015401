// SPDX-License-Identifier: Apache-2.0
// OpenSSL contexts for both sides.
#include "tls_context.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace shadowcat::http {

namespace {

using Context = asio::ssl::context;

constexpr unsigned char kHttp11[] = "\x08http/1.1";
constexpr unsigned kHttp11Size = sizeof kHttp11 - 1;

Error file_error(std::string_view what, const std::string& path, const error_code& why) {
    return Error(ErrorCode::config,
                 "can't use " + std::string(what) + " " + path + ": " + why.message());
}

std::shared_ptr<Context> make_context(Context::method method) {
    auto context = std::make_shared<Context>(method);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(
        native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cipher_list(native,
                            "ECDHE+AESGCM:ECDHE+CHACHA20");  // TLS 1.2; 1.3 has only good ones
    return context;
}

Result<void> load_identity(Context& context, const std::string& cert, const std::string& key) {
    error_code failed;
    context.use_certificate_chain_file(cert, failed);
    if (failed) return file_error("the certificate", cert, failed);
    context.use_private_key_file(key, Context::pem, failed);
    if (failed) return file_error("the private key", key, failed);
    return Result<void>();
}

Result<void> load_trust(Context& context, const TlsClientOptions& options) {
    context.set_verify_mode(options.verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
    error_code failed;
    if (options.ca_file.empty()) {
        context.set_default_verify_paths(failed);
        if (failed) return file_error("the system's CA certificates", "", failed);
    } else {
        context.load_verify_file(options.ca_file, failed);
        if (failed) return file_error("the CA certificates", options.ca_file, failed);
    }
    return Result<void>();
}

int select_http11(SSL*, const unsigned char** chosen, unsigned char* size,
                  const unsigned char* offered, unsigned offered_size, void*) {
    unsigned char* match = nullptr;
    const int found =
        SSL_select_next_proto(&match, size, kHttp11, kHttp11Size, offered, offered_size);
    *chosen = match;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool is_address(const std::string& host) {
    error_code failed;
    asio::ip::make_address(host, failed);
    return !failed;
}

}  // namespace

Result<TlsContext> TlsContext::client(const TlsClientOptions& options) {
    auto context = make_context(Context::tls_client);
    if (auto loaded = load_trust(*context, options); loaded.has_error()) return loaded.error();
    if (!options.cert_path.empty()) {
        auto loaded = load_identity(*context, options.cert_path, options.key_path);
        if (loaded.has_error()) return loaded.error();
    }
    SSL_CTX_set_alpn_protos(context->native_handle(), kHttp11, kHttp11Size);
    TlsContext made(std::move(context));
    made.server_name_ = options.server_name;
    made.verify_ = options.verify;
    return made;
}

Result<TlsContext> TlsContext::server(const std::string& cert_path, const std::string& key_path) {
    auto context = make_context(Context::tls_server);
    auto loaded = load_identity(*context, cert_path, key_path);
    if (loaded.has_error()) return loaded.error();
    SSL_CTX_set_alpn_select_cb(context->native_handle(), &select_http11, nullptr);
    return TlsContext(std::move(context));
}

void TlsContext::expect_peer(ssl_st* ssl, const std::string& host) const {
    const std::string& name = server_name_.empty() ? host : server_name_;
    if (is_address(name)) {
        if (verify_) X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
        return;
    }
    SSL_set_tlsext_host_name(ssl, name.c_str());
    if (!verify_) return;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(ssl, name.c_str());
}

}  // namespace shadowcat::http
