// SPDX-License-Identifier: Apache-2.0
// Starting the binary and finding out where it listens.
#include "proxy_fixture.hpp"

#include <cstdlib>
#include <fstream>

namespace integration {

namespace {

std::vector<std::string> concat(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// The port of the URL, in a line of either log format.
std::uint16_t port_in(const std::string& line) {
    const std::string after_scheme = "://";
    const std::size_t url = line.find(after_scheme);
    const std::size_t colon = line.find(':', url + after_scheme.size());
    if (colon == std::string::npos) throw Impatient("no port in " + line);
    return static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
}

std::vector<std::string> reverse(const std::string& option, const std::string& value) {
    return {kShadowcat, "reverse", option, value, "--bind", "127.0.0.1:0"};
}

std::uint16_t first_line_as_port(Process& process) {
    const auto line = process.read_line();
    if (!line) throw Impatient("the fake server ended: " + process.log());
    return static_cast<std::uint16_t>(std::atoi(line->c_str()));
}

LaunchOptions on_port(std::uint16_t port) {
    LaunchOptions options;
    options.environment = {{"FAKE_HTTP_PORT", std::to_string(port)}};
    return options;
}

}  // namespace

TemporaryFile::TemporaryFile(std::string_view content, const std::string& suffix) {
    std::string name =
        (std::filesystem::temp_directory_path() / ("shadowcat-XXXXXX" + suffix)).string();
    const Descriptor created(::mkstemps(name.data(), static_cast<int>(suffix.size())));
    if (!created.valid()) throw Impatient("no temporary file " + name);
    path_ = name;
    std::ofstream(path_) << content;
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void TemporaryFile::replace(std::string_view content) const {
    const std::filesystem::path next = path_.string() + ".next";
    std::ofstream(next) << content;
    std::filesystem::rename(next, path_);
}

std::uint16_t listening_port(const Process& proxy) {
    return port_in(proxy.wait_for_log({"listening", "://"}));
}

std::string config_for(const std::vector<std::string>& command, const std::string& upstream_keys,
                       const std::string& other_keys) {
    return "reverse_proxy:\n" + other_keys +
           "  upstreams:\n"
           "    - name: primary\n"
           "      transport: stdio\n"
           "      command: " +
           Json(command).dump() + "\n" + upstream_keys;
}

ReverseProxy::ReverseProxy(const std::string& upstream, const LaunchOptions& options)
    : config_(""),
      process_(reverse("--upstream", upstream), options),
      port_(listening_port(process_)) {}

ReverseProxy::ReverseProxy(const Yaml& yaml, const LaunchOptions& options)
    : config_(yaml.text),
      process_(reverse("--config", config_.path()), options),
      port_(listening_port(process_)) {}

HttpResponse ReverseProxy::page(std::string_view path) const {
    return HttpClient(port_).ask(http_request("GET", path, {}));
}

std::uint16_t ReverseProxy::admin_port() const {
    return port_in(process_.wait_for_log({"admin pages", "http://"}));
}

HttpResponse ReverseProxy::admin(std::string_view path, std::string_view method) const {
    return HttpClient(admin_port()).ask(http_request(method, path, {}));
}

FakeHttpServer::FakeHttpServer(const std::vector<std::string>& mode) : FakeHttpServer(mode, 0) {}

FakeHttpServer::FakeHttpServer(const std::vector<std::string>& mode, std::uint16_t port)
    : process_(concat({kFakeHttpServer}, mode), on_port(port)),
      port_(first_line_as_port(process_)) {}

}  // namespace integration
