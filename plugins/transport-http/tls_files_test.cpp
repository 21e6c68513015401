// SPDX-License-Identifier: Apache-2.0
// What operators are told about certificate files that can't be used.
#include "testing/test_certificate.hpp"
#include "tls_context.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

/// A file beside those of `certificate`, which goes with them.
std::string file_beside(const TestCertificate& certificate, const std::string& name,
                        const std::string& text) {
    const auto path = std::filesystem::path(certificate.cert_path).parent_path() / name;
    std::ofstream(path) << text;
    return path;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string refusal(const TlsServerOptions& options) {
    const auto context = TlsContext::server(options);
    REQUIRE(context.has_error());
    CHECK(context.error().code() == ErrorCode::config);
    return context.error().message();
}

}  // namespace

TEST_CASE("files that are missing, are something else, or don't belong together") {
    const TestCertificate one("DNS:a"), two("DNS:b");
    const std::string folder = std::filesystem::path(one.cert_path).parent_path();
    const std::string text = file_beside(one, "text", "hello\n");
    const std::string broken = file_beside(one, "broken",
                                           "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                           "-----END CERTIFICATE-----\n");
    const auto cert = [&](const std::string& path) {
        return refusal(TlsServerOptions(path, one.key_path));
    };
    const auto key = [&](const std::string& path) {
        return refusal(TlsServerOptions(one.cert_path, path));
    };
    CHECK(cert("/no/cert") == "tls.cert_path: can't use /no/cert: No such file or directory");
    CHECK(cert(folder) == "tls.cert_path: can't use " + folder + ": Is a directory");
    CHECK(cert(text) ==
          "tls.cert_path: can't use " + text + ": there is no certificate in it (PEM is expected)");
    CHECK(cert(broken).starts_with("tls.cert_path: can't use " + broken + ": "));
    CHECK(key("/no/key") == "tls.key_path: can't use /no/key: No such file or directory");
    CHECK(key(text) ==
          "tls.key_path: can't use " + text + ": there is no private key in it (PEM is expected)");
    CHECK(key(two.key_path) == "tls.key_path: can't use " + two.key_path +
                                   ": it is not the key of the certificate in " + one.cert_path);
}

TEST_CASE("a key with a passphrase is refused, and nobody is asked for it") {
    CertificateWish wish;
    wish.passphrase = "secret";
    const TestCertificate locked(wish);
    const std::string why = refusal(TlsServerOptions(locked.cert_path, locked.key_path));
    CHECK(why.starts_with("tls.key_path: can't use " + locked.key_path +
                          ": it is protected by a passphrase"));
}

TEST_CASE("clients' authorities are needed where clients are asked") {
    const TestCertificate one("DNS:a");
    TlsServerOptions options(one.cert_path, one.key_path);
    options.client_auth = ClientAuth::optional;
    CHECK(refusal(options) == "tls.client_ca_path: is needed where tls.client_auth is optional");
    options.client_ca_path = one.key_path;
    CHECK(refusal(options) == "tls.client_ca_path: can't use " + one.key_path +
                                  ": there is no certificate in it (PEM is expected)");
    options.client_ca_path = one.cert_path;
    CHECK(TlsContext::server(options).has_value());
}

TEST_CASE("a client's files are named too") {
    const TestCertificate one("DNS:a");
    TlsClientOptions options;
    options.ca_file = "/no/ca";
    CHECK(TlsContext::client(options).error().message() ==
          "tls.ca_file: can't use /no/ca: No such file or directory");
    options.ca_file = one.cert_path;
    options.cert_path = one.cert_path;
    options.key_path = "/no/key";
    CHECK(TlsContext::client(options).error().message() ==
          "tls.key_path: can't use /no/key: No such file or directory");
}

TEST_CASE("a chain is as good as its shortest-lived certificate") {
    CertificateWish wish;
    wish.valid_for = std::chrono::hours(100);
    const TestCertificate authority(wish);
    wish.valid_for = std::chrono::hours(200);
    wish.issuer = &authority;
    const TestCertificate leaf(wish);
    const auto alone = TlsContext::server(TlsServerOptions(leaf.cert_path, leaf.key_path));
    const std::string both =
        file_beside(leaf, "chain", text_of(leaf.cert_path) + text_of(authority.cert_path));
    const auto chain = TlsContext::server(TlsServerOptions(both, leaf.key_path));
    const std::int64_t shorter =
        alone.value().certificate().not_after - chain.value().certificate().not_after;
    CHECK(shorter > 99 * 3600);
    CHECK(shorter < 101 * 3600);
    CHECK(chain.value().certificate().path == both);
}
