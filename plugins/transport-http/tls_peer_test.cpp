// SPDX-License-Identifier: Apache-2.0
// How the subjects of certificates become principals.
#include "tls_peer.hpp"

#include "openssl_handles.hpp"
#include "testing/test_certificate.hpp"

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdio>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Subject = std::vector<std::pair<std::string, std::string>>;

std::string principal(const Subject& subject) {
    CertificateWish wish;
    wish.subject = subject;
    const TestCertificate files(wish);
    const openssl::Bio file(BIO_new_file(files.cert_path.c_str(), "r"));
    const openssl::Certificate certificate(
        PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    std::string text = principal_of(certificate.get());
    CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; }));
    return text;
}

}  // namespace

TEST_CASE("a subject as RFC 2253 writes it, the last field first") {
    CHECK(principal({{"C", "NZ"}, {"O", "Example"}, {"CN", "agent 7"}}) ==
          "CN=agent 7,O=Example,C=NZ");
}

TEST_CASE("what could be mistaken for another field, or isn't printable, is escaped") {
    CHECK(principal({{"CN", "a,O=b"}}) == "CN=a\\,O=b");
    CHECK(principal({{"CN", "a\r\nb"}}) == "CN=a\\0D\\0Ab");
    CHECK(principal({{"CN", "Zo\xC3\xAB"}}) == "CN=Zo\\C3\\AB");
}

TEST_CASE("a long subject is cut and stays different from others that begin alike") {
    const Subject common = {{"OU", std::string(60, 'a')},
                            {"OU", std::string(60, 'b')},
                            {"O", std::string(60, 'c')},
                            {"L", std::string(60, 'd')},
                            {"CN", "one"}};
    Subject other = common;
    other.front().second.back() = 'z';
    const std::string first = principal(common), second = principal(other);
    CHECK(first.size() == kLongestPrincipal);
    CHECK(first.starts_with("CN=one,L=dd"));
    CHECK(first.substr(0, 223) == second.substr(0, 223));
    CHECK(first[223] == '#');
    CHECK(first != second);
    CHECK(first == principal(common));
}

TEST_CASE("a certificate without a subject is known by its fingerprint") {
    const std::string text = principal({});
    CHECK(text.starts_with("sha256:"));
    CHECK(text.size() == 7 + 64);
    CHECK(text != principal({}));
}
