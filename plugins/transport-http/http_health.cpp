// SPDX-License-Identifier: Apache-2.0
// One GET, bounded in time and size.
#include "http_health.hpp"

#include "shadowcat/sdk/version.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace shadowcat::http {

namespace {

/// More of a body says nothing more about health.
constexpr std::size_t kMostRead = std::size_t{64} * 1024;

constexpr const char* kUsualPath = "/health";

[[noreturn]] void refuse_status(const std::string& text) {
    throw std::runtime_error("expect_status: '" + text +
                             "' is neither a status from 100 to 599 nor a range such as 200-299");
}

int status_of(std::string_view digits, const std::string& whole) {
    int status = 0;
    const auto [stop, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), status);
    const bool all = failed == std::errc() && stop == digits.data() + digits.size();
    if (!all || status < 100 || status > 599) refuse_status(whole);
    return status;
}

/// Of the upstream itself. `target` is its URL, or a command line.
std::string url_beside(const std::string& target, const std::string& path) {
    const Result<UpstreamUrl> url = UpstreamUrl::parse(target);
    if (!url) {
        throw std::runtime_error(
            "url: is needed where the upstream itself has no http:// or "
            "https:// URL");
    }
    return (url->tls ? "https://" : "http://") + url->authority + path;
}

std::string url_of(const Json& config, const HealthContext& context) {
    const std::string path = config.value("path", kUsualPath);
    if (!path.starts_with('/')) {
        throw std::runtime_error("path: '" + path + "' doesn't begin with '/'");
    }
    const std::string url = config.value("url", "");
    if (url.empty()) return url_beside(context.target, path);
    if (path != kUsualPath) throw std::runtime_error("path: has no effect where url is given");
    return url;
}

/// As the connector's configuration, so that connecting is the same.
UpstreamTarget target_of(const Json& config, const HealthContext& context) {
    Json settings = Json::object();
    settings["url"] = url_of(config, context);
    settings["tls"] = config.value("tls", Json::object());
    std::vector<ConfigError> errors;
    const Json checked = validate(UpstreamTarget::schema(), settings, "", errors);
    if (!errors.empty()) {
        throw std::runtime_error(errors.front().path + ": " + errors.front().message);
    }
    return UpstreamTarget(checked);
}

Schema tls_schema() {
    Schema schema;
    schema
        .add(
            string("ca_file", "PEM file with the CA certificates to trust instead of the system's"))
        .add(boolean("verify", "check the server's certificate; false only for experiments")
                 .defaults_to(true));
    return schema;
}

std::string head_of(const UpstreamUrl& url) {
    return "GET " + url.target + " HTTP/1.1\r\nHost: " + url.authority +
           "\r\nUser-Agent: shadowcat/" SHADOWCAT_SDK_VERSION
           "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

}  // namespace

StatusRanges::StatusRanges(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const std::size_t dash = std::min(text.find('-'), text.size());
        const std::string_view whole(text);
        const int low = status_of(whole.substr(0, dash), text);
        const int high = dash == text.size() ? low : status_of(whole.substr(dash + 1), text);
        if (low > high) refuse_status(text);
        ranges_.emplace_back(low, high);
        text_.append(text_.empty() ? "" : ", ").append(text);
    }
    if (ranges_.empty()) throw std::runtime_error("expect_status: names no status");
}

bool StatusRanges::has(int status) const noexcept {
    return std::ranges::any_of(ranges_, [status](const auto& range) {
        return status >= range.first && status <= range.second;
    });
}

Schema HttpHealth::schema() {
    Schema schema;
    schema
        .add(string("url",
                    "what to GET; without it, path on the host and port of the upstream's url"))
        .add(string("path", "what to GET where url isn't given").defaults_to(kUsualPath))
        .add(string_list("expect_status", "statuses, or ranges of them, that mean healthy")
                 .defaults_to(Json::array({"200-299"})))
        .add(object("tls", "for https:// URLs", tls_schema()));
    return schema;
}

HttpHealth::HttpHealth(const Json& config, const HealthContext& context)
    : worker_(context.worker),
      timeout_(context.timeout),
      target_(target_of(config, context)),
      expected_(config.at("expect_status").get<std::vector<std::string>>()) {}

awaitable<Result<void>> HttpHealth::check(HealthTarget&) {
    UpstreamConnection connection(target_, worker_.executor());
    const TimePoint until = Clock::now() + timeout_;
    const Result<void> opened = co_await connection.open(timeout_);
    if (!opened) co_return opened;
    const Worker::Tick watch = worker_.every_tick([&connection, until](TimePoint now) {
        if (now >= until) connection.expire();
    });
    co_return co_await get(connection);
}

awaitable<Result<void>> HttpHealth::get(UpstreamConnection& connection) {
    connection.request_head = head_of(target_.url);
    if (!connection.try_send({})) {
        const Result<void> sent = co_await connection.send();
        if (!sent) co_return sent;
    }
    const Result<void> answered = co_await connection.read_head();
    if (!answered) co_return answered;
    const Result<void> verdict = judge(connection.head.status);
    if (!verdict) co_return verdict;
    while (!connection.complete() && connection.body.size() <= kMostRead) {
        const Result<void> read = co_await connection.read_body();
        if (!read) co_return read;
    }
    co_return Result<void>();
}

Result<void> HttpHealth::judge(int status) const {
    if (expected_.has(status)) return Result<void>();
    return target_.failure(ErrorCode::unavailable, "answers with status " + std::to_string(status) +
                                                       ", expected " + expected_.text());
}

}  // namespace shadowcat::http
