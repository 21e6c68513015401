// SPDX-License-Identifier: Apache-2.0
// ReverseProxy: the real binary, serving on a port that the system chose; and upstreams for it.
#pragma once

#include "mcp_client.hpp"
#include "process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

/// What the tests run: absolute paths.
inline const std::string kShadowcat = SHADOWCAT_BINARY;
inline const std::string kDemoServer = DEMO_SERVER_BINARY;
inline const std::string kFakeServer = FAKE_SERVER_BINARY;
inline const std::string kFakeHttpServer = FAKE_HTTP_SERVER_BINARY;

/// A file that goes away with its test.
class TemporaryFile {
public:
    explicit TemporaryFile(std::string_view content, const std::string& suffix = ".yaml");
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();

    std::string path() const { return path_.string(); }

    /// Other content, put in its place at once as an editor or a deployment does it.
    void replace(std::string_view content) const;

private:
    std::filesystem::path path_;
};

/// From `listening … http[s]://127.0.0.1:PORT/mcp` in a proxy's log, waited for.
std::uint16_t listening_port(const Process& proxy);

/// The configuration of a proxy whose only upstream, `primary`, is a command. `upstream_keys` are
/// YAML lines of the upstream, `other_keys` of `reverse_proxy`, indented already.
std::string config_for(const std::vector<std::string>& command,
                       const std::string& upstream_keys = "", const std::string& other_keys = "");

class ReverseProxy {
public:
    /// The one-line start: `shadowcat reverse --upstream UPSTREAM …`.
    explicit ReverseProxy(const std::string& upstream, const LaunchOptions& options = {});

    /// With this configuration file.
    static ReverseProxy with_config(const std::string& yaml, const LaunchOptions& options = {}) {
        return ReverseProxy(Yaml{yaml}, options);
    }

    std::uint16_t port() const noexcept { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/mcp"; }
    Process& process() noexcept { return process_; }

    McpClient client() const { return McpClient(port_); }

    /// What a monitoring system sees.
    HttpResponse page(std::string_view path) const;

    /// The same on the listener for operators, which the configuration must have.
    HttpResponse admin(std::string_view path, std::string_view method = "GET") const;
    std::uint16_t admin_port() const;

    /// Another configuration in the place of the one it was started with; tells nobody.
    void rewrite(std::string_view yaml) const { config_.replace(yaml); }

private:
    struct Yaml {
        const std::string& text;
    };
    ReverseProxy(const Yaml& yaml, const LaunchOptions& options);

    TemporaryFile config_;
    Process process_;
    std::uint16_t port_;
};

/// fake-http-server in one of its modes.
class FakeHttpServer {
public:
    explicit FakeHttpServer(const std::vector<std::string>& mode);

    /// In the place of one that has ended.
    FakeHttpServer(const std::vector<std::string>& mode, std::uint16_t port);

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/mcp"; }
    std::uint16_t port() const noexcept { return port_; }
    Process& process() noexcept { return process_; }

private:
    Process process_;
    std::uint16_t port_;
};

}  // namespace integration
