// SPDX-License-Identifier: Apache-2.0
// TlsContext: certificates and rules for one side of TLS, loaded once and shared by its
// connections.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

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

/// A handle: copies share the loaded context. May be used by several workers. TLS 1.2 and newer.
class TlsContext {
public:
    /// Fails with `config`, naming the file.
    static Result<TlsContext> client(const TlsClientOptions& options);

    /// Fails with `config`, naming the file; also when key and certificate don't belong together.
    static Result<TlsContext> server(const std::string& cert_path, const std::string& key_path);

    asio::ssl::context& native() const noexcept { return *context_; }

    /// Makes a client's connection ask for `host` (SNI) and accept only its certificate.
    void expect_peer(ssl_st* ssl, const std::string& host) const;

private:
    explicit TlsContext(std::shared_ptr<asio::ssl::context> context)
        : context_(std::move(context)) {}

    std::shared_ptr<asio::ssl::context> context_;  // shared: connections on any worker hold it
    std::string server_name_;
    bool verify_ = true;
};

}  // namespace shadowcat::http
