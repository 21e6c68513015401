// SPDX-License-Identifier: Apache-2.0
// Tells operators until when a listener's certificate is good: a gauge, and lines in the log.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include "tls_context.hpp"

#include <string>

namespace shadowcat::http {

enum class CertificateAge : std::uint8_t {
    good,
    early,  ///< not yet valid
    late,   ///< less than `kExpiryNotice` is left
    expired
};

inline constexpr std::int64_t kExpiryNotice = std::int64_t{14} * 86400;  // seconds

CertificateAge age_of(const CertificateFacts& certificate, std::int64_t unix_now);

/// `2026-11-25T21:12:00Z`
std::string utc_text(std::int64_t unix_time);

/// The gauge `shadowcat_tls_certificate_expiry_seconds` of the listener at `address`.
Gauge& expiry_gauge(Metrics& metrics, const std::string& address);

/// Sets `gauge`, and logs what was loaded: a warning when it is out of its time, or soon will be.
/// One caller at a time per gauge.
void report_certificate(const CertificateFacts& certificate, Gauge& gauge);

}  // namespace shadowcat::http
