// SPDX-License-Identifier: Apache-2.0
// Certificates by OpenSSL's library.
#include "test_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace shadowcat::http::testing {

namespace {

template <auto Free>
class Freer {
public:
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using File = std::unique_ptr<std::FILE, Freer<std::fclose>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    if (!extension) throw std::runtime_error("bad extension " + value);
    X509_add_ext(certificate, extension.get(), -1);
}

Certificate self_signed(EVP_PKEY* key, const std::string& subject_alt_name) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const unsigned char text[] = "shadowcat test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    add_extension(certificate.get(), NID_subject_alt_name, subject_alt_name);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0)
        throw std::runtime_error("not signed");
    return certificate;
}

}  // namespace

TestCertificate::TestCertificate(const std::string& subject_alt_name) {
    std::string pattern = std::filesystem::temp_directory_path() / "shadowcat-tls-XXXXXX";
    if (!::mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    cert_path = folder_ + "/cert.pem";
    key_path = folder_ + "/key.pem";
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = self_signed(key.get(), subject_alt_name);
    const File cert_file(std::fopen(cert_path.c_str(), "w"));
    const File key_file(std::fopen(key_path.c_str(), "w"));
    PEM_write_X509(cert_file.get(), certificate.get());
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

TestCertificate::~TestCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace shadowcat::http::testing
