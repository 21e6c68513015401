// SPDX-License-Identifier: Apache-2.0
// TlsChannel: TLS over a connected socket, as an HTTPS client speaks it.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace integration {

/// What a client offers and shows. It believes every server: what a server shows is for the test
/// to judge.
class TlsWish {
public:
    int newest_version = 0;  // TLS1_1_VERSION, …; 0: whatever OpenSSL knows
    std::string protocol = "http/1.1";
    std::string cert_path, key_path;  // of the client's own certificate; none if empty
};

/// A handshake or a connection that the server ended, with OpenSSL's reason.
class TlsRefused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class TlsChannel {
public:
    /// Shakes hands on `socket`, which stays the caller's.
    TlsChannel(int socket, const TlsWish& wish);

    void write(std::string_view bytes);

    /// 0 at the end. In TLS 1.3 a client reads here that its certificate was refused.
    std::size_t read(char* into, std::size_t size);

    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string protocol() const;

    /// Of the certificate that the server showed; no two have the same.
    std::string serial() const;

private:
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    int socket_;
};

}  // namespace integration
