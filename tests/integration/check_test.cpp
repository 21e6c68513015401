// SPDX-License-Identifier: Apache-2.0
// `shadowcat check`: every mistake of a file at once, and files that name what this machine lacks.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace integration;

namespace {

class Mistake {
public:
    int line, column;
    std::string key, expected;
};

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

Finished check(const TemporaryFile& file, const std::vector<std::string>& options = {}) {
    std::vector<std::string> command = {kShadowcat, "check", "--config", file.path()};
    command.insert(command.end(), options.begin(), options.end());
    return Finished(command);
}

const std::string kMistaken =
    "workers: many\n"
    "reverse_proxy:\n"
    "  bind_adress: 127.0.0.1:0\n"
    "  path: 7\n"
    "  session: { timeout_secs: 0, unknown_id: perhaps }\n"
    "  limits:\n"
    "    max_body_bytes: -5\n"
    "  upstreams:\n"
    "    - name: primary\n"
    "      transport: stdio\n"
    "    - name: other\n"
    "      transport: http\n"
    "      url: [not, text]\n"
    "      retry: { budget_percent: 101 }\n"
    "logging: { level: loud }\n";

const std::vector<Mistake> kMistakes = {
    {1, 1, "workers", "whole number"},
    {3, 3, "reverse_proxy.bind_adress", "bind_address"},
    {4, 3, "reverse_proxy.path", "begins with '/'"},
    {5, 14, "reverse_proxy.session.timeout_secs", "from 1 to 2592000"},
    {5, 31, "reverse_proxy.session.unknown_id", "adopt, reject"},
    {7, 5, "reverse_proxy.limits.max_body_bytes", "from 1 to 1073741824"},
    {9, 7, "reverse_proxy.upstreams[0].command", "required"},
    {13, 7, "reverse_proxy.upstreams[1].url", "string"},
    {14, 16, "reverse_proxy.upstreams[1].retry.budget_percent", "from 0 to 100"},
    {15, 12, "logging.level", "debug"},
};

const std::string kLackingCertificate =
    "reverse_proxy:\n"
    "  tls: { enabled: true, cert_path: /no/such.pem, key_path: /no/such.key }\n"
    "  upstreams:\n"
    "    - { name: primary, transport: stdio, command: [cat] }\n";

}  // namespace

TEST_CASE("ten mistakes are ten lines, each with its place, its key and what was expected") {
    const TemporaryFile file(kMistaken);
    const Finished run = check(file);
    CAPTURE(run.errors);
    CHECK(run.exit == "exit 2");
    CHECK(run.output.empty());
    const auto lines = lines_of(run.errors);
    REQUIRE(lines.size() == kMistakes.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Mistake& mistake = kMistakes[i];
        CHECK(lines[i].starts_with(file.path() + ":" + std::to_string(mistake.line) + ":" +
                                   std::to_string(mistake.column) + ": " + mistake.key + ": "));
        CHECK_MESSAGE(lines[i].find(mistake.expected) != std::string::npos, lines[i], " lacks ",
                      mistake.expected);
    }
}

TEST_CASE("a start with ten mistakes tells the same") {
    const TemporaryFile file(kMistaken);
    const Finished start({kShadowcat, "reverse", "--config", file.path()});
    CHECK(start.exit == "exit 2");
    CHECK(start.errors == check(file).errors);
}

TEST_CASE("a certificate that is not there is a mistake, but not of the file's form") {
    const TemporaryFile file(kLackingCertificate);
    const Finished all = check(file);
    CHECK(all.exit == "exit 2");
    CHECK(all.output.empty());
    CHECK_MESSAGE(all.errors.find("tls.cert_path") != std::string::npos, all.errors);
    CHECK(all.errors.find("/no/such.pem") != std::string::npos);
    const Finished form = check(file, {"--schema-only"});
    CHECK(form.exit == "exit 0");
    CHECK(form.errors.empty());
    CHECK(form.output.find("valid") != std::string::npos);
}
