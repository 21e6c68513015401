// SPDX-License-Identifier: Apache-2.0
// OpenSSL on a blocking socket whose waits end.
#include "tls_channel.hpp"

#include "patience.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace integration {

namespace {

[[noreturn]] void refuse(const std::string& what) {
    const unsigned long code = ERR_get_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    throw TlsRefused(what + ": " + (reason ? reason : "the connection ended"));
}

std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_for(const TlsWish& wish) {
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                         &SSL_CTX_free);
    SSL_CTX_set_security_level(context.get(), 0);  // so that old versions can be offered
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    if (wish.newest_version != 0) {
        SSL_CTX_set_max_proto_version(context.get(), wish.newest_version);
    }
    const std::string list = static_cast<char>(wish.protocol.size()) + wish.protocol;
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(list.data()),
                            static_cast<unsigned>(list.size()));
    if (!wish.cert_path.empty()) {
        SSL_CTX_use_certificate_file(context.get(), wish.cert_path.c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context.get(), wish.key_path.c_str(), SSL_FILETYPE_PEM);
    }
    return context;
}

/// A peer that stops in the middle of a record holds nobody up for ever.
void bound_waits(int socket) {
    const timeval patience{kPatience.count(), 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

}  // namespace

TlsChannel::TlsChannel(int socket, const TlsWish& wish)
    : context_(context_for(wish)), ssl_(SSL_new(context_.get()), &SSL_free), socket_(socket) {
    bound_waits(socket);
    ERR_clear_error();
    SSL_set_fd(ssl_.get(), socket);
    if (SSL_connect(ssl_.get()) != 1) refuse("TLS handshake");
}

void TlsChannel::write(std::string_view bytes) {
    ERR_clear_error();
    const int count = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (count != static_cast<int>(bytes.size())) refuse("TLS write");
}

std::size_t TlsChannel::read(char* into, std::size_t size) {
    if (SSL_pending(ssl_.get()) == 0) {
        wait_readable(socket_, Clock::now() + kPatience, "the proxy's answer over TLS");
    }
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), into, static_cast<int>(size));
    if (count > 0) return static_cast<std::size_t>(count);
    if (SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN) return 0;
    refuse("TLS read");
}

std::string TlsChannel::protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return {reinterpret_cast<const char*>(name), size};
}

std::string TlsChannel::serial() const {
    const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(ssl_.get()),
                                                       &X509_free);
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(shown.get()), nullptr), &BN_free);
    return std::to_string(BN_get_word(number.get()));
}

}  // namespace integration
