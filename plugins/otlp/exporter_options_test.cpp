// SPDX-License-Identifier: Apache-2.0
// What the shared keys become, and which values are refused with which words.
#include "exporter_options.hpp"

#include "otlp_json.hpp"
#include "testing/settings.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace shadowcat;
using namespace shadowcat::otlp;
using namespace shadowcat::otlp::testing;
using sdk::Json;

namespace {

ExporterOptions options(const Json& given) {
    return ExporterOptions(settings(ExporterOptions::schema(), given));
}

std::string refusal(const Json& given) {
    try {
        options(given);
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return "";
}

}  // namespace

TEST_CASE("without any key data goes to the collector's usual place on this machine") {
    const ExporterOptions plain = options(Json::object());
    CHECK(plain.endpoint.display() == "http://127.0.0.1:4318");
    CHECK(plain.timeout == std::chrono::seconds(10));
    CHECK(plain.service_name == "shadowcat");
    CHECK(plain.header_lines.empty());
    CHECK_FALSE(plain.trust.has_value());
    CHECK(options({{"endpoint", "https://a"}}).trust.has_value());
}

TEST_CASE("headers become lines") {
    CHECK(options({{"headers", {{"Authorization", "Bearer x"}, {"X-Scope", "a"}}}}).header_lines ==
          "Authorization: Bearer x\r\nX-Scope: a\r\n");
}

TEST_CASE("values that can't be used are refused by name, without the secret") {
    CHECK(refusal({{"endpoint", "collector:4317"}}) ==
          "endpoint must begin with http:// or https://");
    CHECK(refusal({{"ca_file", "/etc/ca.pem"}}) == "ca_file: needs an endpoint with https://");
    CHECK(refusal({{"endpoint", "https://a"}, {"ca_file", "/no/such.pem"}})
              .starts_with("can't use ca_file /no/such.pem: "));
    CHECK(refusal({{"headers", {{"bad name", "x"}}}}) ==
          "headers: \"bad name\" is not a header's name");
    CHECK(refusal({{"headers", {{"X-Key", "secret\r\nHost: b"}}}}) ==
          "headers: the value of X-Key holds a line break or control character");
    CHECK(refusal({{"headers", {{"content-LENGTH", "1"}}}}) ==
          "headers: content-LENGTH is set by the exporter itself");
}

TEST_CASE("the resource says who sends, and the operator may say more") {
    const auto attributes_of = [](const ExporterOptions& from) {
        std::map<std::string, std::string> all;
        const Json resource = Json::parse(resource_text(from));
        for (const Json& each : resource["attributes"])
            all[each["key"]] = each["value"]["stringValue"];
        return all;
    };
    auto all = attributes_of(
        options({{"service_name", "edge"},
                 {"resource_attributes", {{"deployment.environment.name", "prod"}}}}));
    CHECK(all["service.name"] == "edge");
    CHECK(all["deployment.environment.name"] == "prod");
    CHECK_FALSE(all["service.version"].empty());
    CHECK_FALSE(all["host.name"].empty());
    CHECK(all["service.instance.id"].size() == 36);
    CHECK(all["service.instance.id"][14] == '4');
    CHECK(attributes_of(options(Json::object()))["service.instance.id"] ==
          all["service.instance.id"]);
    CHECK(attributes_of(options({{"resource_attributes", {{"host.name", "h1"}}}}))["host.name"] ==
          "h1");
}
