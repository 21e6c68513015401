// SPDX-License-Identifier: Apache-2.0
// Dates and their judgement.
#include "certificate_report.hpp"

#include "shadowcat/sdk/log.hpp"

#include <array>
#include <ctime>

namespace shadowcat::http {

CertificateAge age_of(const CertificateFacts& certificate, std::int64_t unix_now) {
    if (unix_now >= certificate.not_after) return CertificateAge::expired;
    if (unix_now < certificate.not_before) return CertificateAge::early;
    const bool late = certificate.not_after - unix_now < kExpiryNotice;
    return late ? CertificateAge::late : CertificateAge::good;
}

std::string utc_text(std::int64_t unix_time) {
    const std::time_t time = unix_time;
    std::tm utc{};
    ::gmtime_r(&time, &utc);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text.data(), size};
}

Gauge& expiry_gauge(Metrics& metrics, const std::string& address) {
    Labels labels{{"listener", address}};
    return metrics.gauge("shadowcat_tls_certificate_expiry_seconds",
                         "When the listener's certificate expires, in seconds of Unix time",
                         std::move(labels));
}

void report_certificate(const CertificateFacts& certificate, Gauge& gauge) {
    gauge.add(certificate.not_after - gauge.value());
    const std::string expires = utc_text(certificate.not_after);
    switch (age_of(certificate, std::time(nullptr))) {
        case CertificateAge::good:
            return log::info("certificate loaded",
                             {{"file", certificate.path}, {"expires", expires}});
        case CertificateAge::early:
            return log::warn(
                "certificate not yet valid",
                {{"file", certificate.path}, {"valid_from", utc_text(certificate.not_before)}});
        case CertificateAge::late:
            return log::warn("certificate expires soon",
                             {{"file", certificate.path}, {"expires", expires}});
        case CertificateAge::expired:
            return log::warn("certificate expired",
                             {{"file", certificate.path}, {"expired", expires}});
    }
}

}  // namespace shadowcat::http
