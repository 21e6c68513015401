// SPDX-License-Identifier: Apache-2.0
// Subjects and reasons.
#include "tls_peer.hpp"

#include "openssl_handles.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <string_view>

namespace shadowcat::http {

namespace {

constexpr std::size_t kShortDigest = 16;  // bytes

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

void append_hex(std::string& out, const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t i = 0; i < count; ++i)
        out.append({kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]});
}

std::string subject_of(X509* certificate) {
    const openssl::Bio out(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string fingerprint_of(X509* certificate) {
    Digest digest;
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    std::string text = "sha256:";
    append_hex(text, digest.data(), size);
    return text;
}

void shorten(std::string& subject) {
    Digest digest;
    unsigned size = 0;
    EVP_Digest(subject.data(), subject.size(), digest.data(), &size, EVP_sha256(), nullptr);
    subject.resize(kLongestPrincipal - 1 - 2 * kShortDigest);
    append_hex(subject += '#', digest.data(), kShortDigest);
}

bool is_tls_error(const error_code& failed) {
    return failed.category() == asio::error::get_ssl_category();
}

int reason_of(const error_code& failed) {
    return ERR_GET_REASON(static_cast<unsigned long>(failed.value()));
}

}  // namespace

std::string principal_of(x509_st* certificate) {
    std::string subject = subject_of(certificate);
    if (subject.empty()) return fingerprint_of(certificate);
    if (subject.size() > kLongestPrincipal) shorten(subject);
    return subject;
}

std::string verified_principal(ssl_st* ssl) {
    X509* certificate = SSL_get0_peer_certificate(ssl);
    if (!certificate || SSL_get_verify_result(ssl) != X509_V_OK) return {};
    return principal_of(certificate);
}

std::string tls_reason(const error_code& failed) {
    const bool gone = failed == asio::ssl::error::stream_truncated || failed == asio::error::eof;
    if (gone) return "the peer closed the connection";
    if (!is_tls_error(failed)) return failed.message();
    if (reason_of(failed) == SSL_R_WRONG_VERSION_NUMBER ||
        reason_of(failed) == SSL_R_HTTP_REQUEST) {
        return "the peer doesn't speak TLS here";
    }
    const char* reason = ERR_reason_error_string(static_cast<unsigned long>(failed.value()));
    return reason ? reason : failed.message();
}

std::string handshake_failure(ssl_st* ssl, bool as_client, const error_code& failed) {
    if (!is_tls_error(failed) || reason_of(failed) != SSL_R_CERTIFICATE_VERIFY_FAILED) {
        return "TLS handshake failed: " + tls_reason(failed);
    }
    const std::string what =
        as_client ? "TLS certificate refused: " : "TLS client certificate refused: ";
    return what + X509_verify_cert_error_string(SSL_get_verify_result(ssl));
}

bool refuses_certificate(const error_code& failed) {
    if (!is_tls_error(failed)) return false;
    switch (reason_of(failed)) {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
            return true;
        default:
            return false;
    }
}

}  // namespace shadowcat::http
