// SPDX-License-Identifier: Apache-2.0
// When a certificate is worth a warning.
#include "certificate_report.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

TEST_CASE("a certificate's age, to the second") {
    constexpr std::int64_t kEnd = 2'000'000'000;
    CertificateFacts facts;
    facts.not_before = 1'000'000'000;
    facts.not_after = kEnd;
    CHECK(age_of(facts, 999'999'999) == CertificateAge::early);
    CHECK(age_of(facts, 1'000'000'000) == CertificateAge::good);
    CHECK(age_of(facts, kEnd - kExpiryNotice) == CertificateAge::good);
    CHECK(age_of(facts, kEnd - kExpiryNotice + 1) == CertificateAge::late);
    CHECK(age_of(facts, kEnd - 1) == CertificateAge::late);
    CHECK(age_of(facts, kEnd) == CertificateAge::expired);
}

TEST_CASE("dates as the log writes them") {
    CHECK(utc_text(0) == "1970-01-01T00:00:00Z");
    CHECK(utc_text(2'000'000'000) == "2033-05-18T03:33:20Z");
}
