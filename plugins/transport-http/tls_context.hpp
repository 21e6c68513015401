// SPDX-License-Identifier: Apache-2.0
// TlsContext: certificates and rules for one side of TLS, loaded once and shared by its
// connections.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}
struct ssl_st;

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// What a client believes and how it identifies itself. Empty paths mean: the system's CA
/// certificates, no client certificate, the host of the URL.
class TlsClientOptions {
public:
    TlsClientOptions() = default;

    bool verify = true;     ///< False accepts any certificate: for tests only.
    std::string ca_file;    ///< PEM, trusted instead of the system's.
    std::string cert_path;  ///< PEM chain of a client certificate, with `key_path`.
    std::string key_path;
    std::string server_name;  ///< Name asked for and verified instead of the URL's host.
};

/// Whether a server wants to know who its clients are.
enum class ClientAuth : std::uint8_t {
    none,      ///< doesn't ask
    optional,  ///< asks; a client may show none, but not a bad one
    required
};

/// How a server identifies itself, and whom it lets in.
class TlsServerOptions {
public:
    TlsServerOptions(std::string cert, std::string key)
        : cert_path(std::move(cert)), key_path(std::move(key)) {}

    std::string cert_path;  ///< PEM chain, the server's own certificate first.
    std::string key_path;
    std::string client_ca_path;  ///< PEM with the CAs of client certificates.
    ClientAuth client_auth = ClientAuth::none;
};

/// What operators want to know about the certificate that is shown.
class CertificateFacts {
public:
    std::string path;
    std::int64_t not_before = 0;  ///< Unix time; of a chain the latest,
    std::int64_t not_after = 0;   ///< and the earliest.
};

/// A handle: copies share the loaded context. May be used by several workers. TLS 1.2 and newer,
/// forward-secret AEAD suites only, ALPN `http/1.1`.
class TlsContext {
public:
    /// Fails with `config`, naming key and file.
    static Result<TlsContext> client(const TlsClientOptions& options);

    /// Fails with `config`, naming key and file; also when key and certificate don't belong
    /// together. A certificate out of its time is accepted: see `certificate`.
    static Result<TlsContext> server(const TlsServerOptions& options);

    asio::ssl::context& native() const noexcept { return *context_; }

    /// Of a server.
    const CertificateFacts& certificate() const noexcept { return certificate_; }

    /// Makes a client's connection ask for `host` (SNI) and accept only its certificate.
    void expect_peer(ssl_st* ssl, const std::string& host) const;

private:
    explicit TlsContext(std::shared_ptr<asio::ssl::context> context)
        : context_(std::move(context)) {}

    std::shared_ptr<asio::ssl::context> context_;  // shared: connections on any worker hold it
    CertificateFacts certificate_;
    std::string server_name_;
    bool verify_ = true;
};

}  // namespace shadowcat::http
