// SPDX-License-Identifier: Apache-2.0
// Publishes the registry as a page; everything happens when it is scraped.
#include "prometheus_sink.hpp"

#include "process_usage.hpp"
#include "prometheus_text.hpp"

#include <stdexcept>

namespace shadowcat::metrics {

namespace {

std::string checked(std::string path) {
    if (path.starts_with('/') && path.find_first_of("?# ") == std::string::npos) return path;
    throw std::invalid_argument("path must begin with / and hold no ?, # or space: \"" + path +
                                '"');
}

sdk::Page page(const sdk::Metrics& metrics) {
    std::string text = process_text(ProcessUsage::now());
    text += prometheus_text(metrics.snapshot());
    return sdk::Page(200, std::string(kContentType), std::move(text));
}

}  // namespace

sdk::Schema PrometheusSink::schema() {
    sdk::Schema schema;
    schema.add(
        sdk::string("path", "Where scrapers find the page.").defaults_to(sdk::Json("/metrics")));
    return schema;
}

PrometheusSink::PrometheusSink(const sdk::Json& config)
    : path_(checked(config.at("path").get<std::string>())) {}

sdk::awaitable<sdk::Result<void>> PrometheusSink::start(sdk::MetricsHost& host) {
    const bool published = host.publish(path_, [&host] { return page(host.metrics()); });
    if (published) co_return sdk::Result<void>();
    co_return sdk::Error(sdk::ErrorCode::config, "the path " + path_ + " is already taken");
}

// The host forgets the page; this sink holds nothing.
sdk::awaitable<> PrometheusSink::stop() { co_return; }

}  // namespace shadowcat::metrics
