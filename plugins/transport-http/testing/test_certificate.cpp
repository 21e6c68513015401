// SPDX-License-Identifier: Apache-2.0
// Certificates by OpenSSL's library.
#include "test_certificate.hpp"

#include "openssl_handles.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace shadowcat::http::testing {

namespace {

using openssl::Certificate;
using openssl::Freer;
using openssl::Key;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Freer<std::fclose>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    if (!extension) throw std::runtime_error("bad extension " + value);
    X509_add_ext(certificate, extension.get(), -1);
}

template <class T, class Read>
T read_pem(const std::string& path, Read read) {
    const File file(std::fopen(path.c_str(), "r"));
    return T(read(file.get(), nullptr, nullptr, nullptr));
}

void set_subject(X509* certificate, const CertificateWish& wish, long serial) {
    using Fields = std::vector<std::pair<std::string, std::string>>;
    X509_NAME* name = X509_get_subject_name(certificate);
    const Fields own = {{"CN", "shadowcat test " + std::to_string(serial)}};
    for (const auto& [field, value] : wish.subject.value_or(own)) {
        const auto* text = reinterpret_cast<const unsigned char*>(value.c_str());
        if (X509_NAME_add_entry_by_txt(name, field.c_str(), MBSTRING_UTF8, text, -1, -1, 0) == 0)
            throw std::runtime_error("bad subject " + value);
    }
}

void sign(X509* certificate, EVP_PKEY* own, const TestCertificate* issuer) {
    Key key;
    if (issuer) {
        key = read_pem<Key>(issuer->key_path, &PEM_read_PrivateKey);
        const auto signer = read_pem<Certificate>(issuer->cert_path, &PEM_read_X509);
        X509_set_issuer_name(certificate, X509_get_subject_name(signer.get()));
    } else {
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    }
    if (X509_sign(certificate, issuer ? key.get() : own, EVP_sha256()) == 0)
        throw std::runtime_error("not signed");
}

Certificate make(const CertificateWish& wish, EVP_PKEY* key) {
    static std::atomic<long> made = 0;
    const long serial = ++made;
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.valid_for.count());
    X509_set_pubkey(certificate.get(), key);
    set_subject(certificate.get(), wish, serial);
    if (!wish.subject_alt_name.empty()) {
        add_extension(certificate.get(), NID_subject_alt_name, wish.subject_alt_name);
    }
    sign(certificate.get(), key, wish.issuer);
    return certificate;
}

void write_key(const std::string& path, EVP_PKEY* key, const std::string& passphrase) {
    const File file(std::fopen(path.c_str(), "w"));
    const auto* secret = reinterpret_cast<const unsigned char*>(passphrase.data());
    PEM_write_PrivateKey(file.get(), key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(), secret,
                         static_cast<int>(passphrase.size()), nullptr, nullptr);
}

CertificateWish wish_for(const std::string& subject_alt_name) {
    CertificateWish wish;
    wish.subject_alt_name = subject_alt_name;
    return wish;
}

}  // namespace

TestCertificate::TestCertificate(const std::string& subject_alt_name)
    : TestCertificate(wish_for(subject_alt_name)) {}

TestCertificate::TestCertificate(const CertificateWish& wish) {
    std::string pattern = std::filesystem::temp_directory_path() / "shadowcat-tls-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    cert_path = folder_ + "/cert.pem";
    key_path = folder_ + "/key.pem";
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = make(wish, key.get());
    const File cert_file(std::fopen(cert_path.c_str(), "w"));
    PEM_write_X509(cert_file.get(), certificate.get());
    write_key(key_path, key.get(), wish.passphrase);
}

void TestCertificate::become(const TestCertificate& other) const {
    const auto over = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(other.cert_path, cert_path, over);
    std::filesystem::copy_file(other.key_path, key_path, over);
}

TestCertificate::~TestCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace shadowcat::http::testing
