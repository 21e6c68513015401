// SPDX-License-Identifier: Apache-2.0
// TlsTrust: whose certificates the exporter believes, loaded once.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/result.hpp"

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}
struct ssl_st;

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

/// A client's side of TLS 1.2 and newer, always with verification. Movable; outlives the
/// connections made with it.
class TlsTrust {
public:
    /// Trusts the certificates in `ca_file` (PEM), or the system's when it is empty. Fails with
    /// `config`, naming the file.
    static Result<TlsTrust> load(const std::string& ca_file);

    TlsTrust(TlsTrust&&) noexcept;
    TlsTrust& operator=(TlsTrust&&) noexcept;
    ~TlsTrust();

    asio::ssl::context& native() const noexcept { return *context_; }

    /// Makes a connection ask for `host` (a name or an address) and accept only its certificate.
    static void expect_peer(ssl_st* ssl, const std::string& host);

private:
    explicit TlsTrust(std::unique_ptr<asio::ssl::context> context);

    std::unique_ptr<asio::ssl::context> context_;
};

}  // namespace shadowcat::otlp
