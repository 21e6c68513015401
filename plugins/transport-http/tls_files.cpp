// SPDX-License-Identifier: Apache-2.0
// Files are read by hand, because OpenSSL's own loaders don't say what was wrong with which.
#include "tls_files.hpp"

#include "openssl_handles.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

namespace shadowcat::http {

namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;

class PemFile {
public:
    PemFile(std::string_view of_key, const std::string& at) : key(of_key), path(at) {}

    Error refuse(std::string_view why) const {
        return Error(ErrorCode::config,
                     "tls." + std::string(key) + ": can't use " + path + ": " + std::string(why));
    }

    std::string_view key;
    const std::string& path;
};

using Certificates = std::vector<openssl::Certificate>;

/// Why OpenSSL's last call failed.
std::string last_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason ? reason : "not usable";
}

bool at_end_of_pem() {
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (ended) ERR_clear_error();
    return ended;
}

Result<std::string> read_file(const PemFile& file) {
    const int descriptor = ::open(file.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return file.refuse(std::strerror(errno));
    std::string text;
    std::array<char, 16384> piece;
    ssize_t got = 0;
    while (text.size() <= kLargestFile &&
           (got = ::read(descriptor, piece.data(), piece.size())) > 0)
        text.append(piece.data(), static_cast<std::size_t>(got));
    const int failed = got < 0 ? errno : 0;
    ::close(descriptor);
    OPENSSL_cleanse(piece.data(), piece.size());
    if (failed != 0) return file.refuse(std::strerror(failed));
    if (text.size() > kLargestFile) return file.refuse("it is too large to be a PEM file");
    return text;
}

openssl::Bio reader_of(const std::string& text) {
    return openssl::Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

Result<Certificates> read_certificates(const PemFile& file) {
    const Result<std::string> text = read_file(file);
    if (!text) return text.error();
    const openssl::Bio reader = reader_of(*text);
    Certificates found;
    ERR_clear_error();
    while (X509* next = PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr))
        found.emplace_back(next);
    if (!at_end_of_pem()) return file.refuse(last_reason());
    if (found.empty()) return file.refuse("there is no certificate in it (PEM is expected)");
    return found;
}

/// Nobody is there to type one.
int note_passphrase(char*, int, int, void* asked) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

Result<openssl::Key> read_key(const PemFile& file) {
    Result<std::string> text = read_file(file);
    if (!text) return text.error();
    const openssl::Bio reader = reader_of(*text);
    if (text->find("PRIVATE KEY-----") == std::string::npos) {
        return file.refuse("there is no private key in it (PEM is expected)");
    }
    bool asked = false;
    ERR_clear_error();
    openssl::Key key(PEM_read_bio_PrivateKey(reader.get(), nullptr, &note_passphrase, &asked));
    OPENSSL_cleanse(text->data(), text->size());
    if (key) return key;
    if (asked) {
        ERR_clear_error();
        return file.refuse(
            "it is protected by a passphrase; write it without one "
            "(openssl pkey -in FILE -out NEW)");
    }
    return file.refuse(last_reason());
}

std::int64_t unix_time(const ASN1_TIME* time) {
    std::tm utc{};
    return ASN1_TIME_to_tm(time, &utc) == 1 ? ::timegm(&utc) : 0;
}

CertificateFacts facts_of(const Certificates& chain, const std::string& path) {
    CertificateFacts facts;
    facts.path = path;
    facts.not_before = unix_time(X509_get0_notBefore(chain.front().get()));
    facts.not_after = unix_time(X509_get0_notAfter(chain.front().get()));
    for (const openssl::Certificate& each : chain) {
        facts.not_before = std::max(facts.not_before, unix_time(X509_get0_notBefore(each.get())));
        facts.not_after = std::min(facts.not_after, unix_time(X509_get0_notAfter(each.get())));
    }
    return facts;
}

Result<void> show_chain(SSL_CTX* context, const PemFile& file, const Certificates& chain) {
    if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
        return file.refuse(last_reason());
    }
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1)
            return file.refuse(last_reason());
    }
    return Result<void>();
}

}  // namespace

Result<CertificateFacts> load_identity(ssl_ctx_st* context, const std::string& cert_path,
                                       const std::string& key_path) {
    const PemFile cert_file("cert_path", cert_path), key_file("key_path", key_path);
    const Result<Certificates> chain = read_certificates(cert_file);
    if (!chain) return chain.error();
    const Result<openssl::Key> key = read_key(key_file);
    if (!key) return key.error();
    if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
        ERR_clear_error();
        return key_file.refuse("it is not the key of the certificate in " + cert_path);
    }
    if (auto shown = show_chain(context, cert_file, *chain); !shown) return shown.error();
    if (SSL_CTX_use_PrivateKey(context, key->get()) != 1) return key_file.refuse(last_reason());
    return facts_of(*chain, cert_path);
}

Result<void> load_authorities(ssl_ctx_st* context, std::string_view key, const std::string& path,
                              bool announce) {
    const PemFile file(key, path);
    const Result<Certificates> found = read_certificates(file);
    if (!found) return found.error();
    for (const openssl::Certificate& each : *found) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get()) != 1)
            return file.refuse(last_reason());
        if (announce) SSL_CTX_add_client_CA(context, each.get());
    }
    return Result<void>();
}

}  // namespace shadowcat::http
