// SPDX-License-Identifier: Apache-2.0
// An elliptic key and a certificate signed with it.
#include "test_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace shadowcat::otlp::testing {

namespace {

template <class T, void (*Free)(T*)>
class Freer {
public:
    void operator()(T* object) const { Free(object); }
};

using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION, X509_EXTENSION_free>>;

void extend(X509* certificate, int kind, const std::string& value) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
    if (!extension) throw std::runtime_error("bad extension " + value);
    X509_add_ext(certificate, extension.get(), -1);
}

Certificate signed_with(EVP_PKEY* key, const std::string& subject_alt_name) {
    Certificate made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_NAME* name = X509_get_subject_name(made.get());
    const auto* text = reinterpret_cast<const unsigned char*>("otlp test");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    X509_set_pubkey(made.get(), key);
    extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(made.get(), NID_subject_alt_name, subject_alt_name);
    if (X509_sign(made.get(), key, EVP_sha256()) == 0) throw std::runtime_error("not signed");
    return made;
}

template <class Write>
void write_file(const std::string& path, Write write) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) throw std::runtime_error("can't write " + path);
    write(file);
    std::fclose(file);
}

}  // namespace

TestCertificate::TestCertificate(const std::string& subject_alt_name) {
    std::string pattern = std::filesystem::temp_directory_path() / "shadowcat-otlp-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    cert_path = folder_ + "/cert.pem";
    key_path = folder_ + "/key.pem";
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate = signed_with(key.get(), subject_alt_name);
    write_file(cert_path, [&](std::FILE* file) { PEM_write_X509(file, certificate.get()); });
    write_file(key_path, [&](std::FILE* file) {
        PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

TestCertificate::~TestCertificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace shadowcat::otlp::testing
