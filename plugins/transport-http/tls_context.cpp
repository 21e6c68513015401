// SPDX-License-Identifier: Apache-2.0
// OpenSSL contexts for both sides.
#include "tls_context.hpp"

#include "tls_files.hpp"

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

/// RSA and DH of 2048 bits, no SHA-1; whatever the system's defaults are.
constexpr int kSecurityLevel = 2;

std::shared_ptr<Context> make_context(Context::method method) {
    auto context = std::make_shared<Context>(method);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(native, 0);
    SSL_CTX_set_security_level(native, kSecurityLevel);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_cipher_list(native,
                            "ECDHE+AESGCM:ECDHE+CHACHA20");  // TLS 1.2; 1.3 has only good ones
    return context;
}

Result<void> load_trust(Context& context, const TlsClientOptions& options) {
    context.set_verify_mode(options.verify ? asio::ssl::verify_peer : asio::ssl::verify_none);
    if (!options.ca_file.empty()) {
        return load_authorities(context.native_handle(), "ca_file", options.ca_file, false);
    }
    error_code failed;
    context.set_default_verify_paths(failed);
    if (!failed) return Result<void>();
    return Error(ErrorCode::config, "can't use the system's CA certificates: " + failed.message());
}

int select_http11(SSL*, const unsigned char** chosen, unsigned char* size,
                  const unsigned char* offered, unsigned offered_size, void*) {
    unsigned char* match = nullptr;
    const int found =
        SSL_select_next_proto(&match, size, kHttp11, kHttp11Size, offered, offered_size);
    *chosen = match;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Result<void> ask_clients(SSL_CTX* native, const TlsServerOptions& options) {
    if (options.client_auth == ClientAuth::none) return Result<void>();
    if (options.client_ca_path.empty()) {
        return Error(
            ErrorCode::config,
            "tls.client_ca_path: is needed where tls.client_auth is " +
                std::string(options.client_auth == ClientAuth::required ? "required" : "optional"));
    }
    const bool must = options.client_auth == ClientAuth::required;
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER | (must ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
    return load_authorities(native, "client_ca_path", options.client_ca_path, true);
}

/// Tickets resume sessions on any worker, with the client's certificate in them; what is kept here
/// is only the tickets' key. Another context (after a reload) has another key.
void use_tickets_only(SSL_CTX* native) {
    constexpr unsigned char kName[] = "shadowcat";
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(native, kName, sizeof kName - 1);
}

bool is_address(const std::string& host) {
    error_code failed;
    asio::ip::make_address(host, failed);
    return !failed;
}

}  // namespace

Result<TlsContext> TlsContext::client(const TlsClientOptions& options) {
    auto context = make_context(Context::tls_client);
    if (auto loaded = load_trust(*context, options); !loaded) return loaded.error();
    if (!options.cert_path.empty()) {
        auto loaded = load_identity(context->native_handle(), options.cert_path, options.key_path);
        if (!loaded) return loaded.error();
    }
    SSL_CTX_set_alpn_protos(context->native_handle(), kHttp11, kHttp11Size);
    TlsContext made(std::move(context));
    made.server_name_ = options.server_name;
    made.verify_ = options.verify;
    return made;
}

Result<TlsContext> TlsContext::server(const TlsServerOptions& options) {
    auto context = make_context(Context::tls_server);
    SSL_CTX* native = context->native_handle();
    auto loaded = load_identity(native, options.cert_path, options.key_path);
    if (!loaded) return loaded.error();
    if (auto asked = ask_clients(native, options); !asked) return asked.error();
    use_tickets_only(native);
    SSL_CTX_set_alpn_select_cb(native, &select_http11, nullptr);
    TlsContext made(std::move(context));
    made.certificate_ = *std::move(loaded);
    return made;
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
