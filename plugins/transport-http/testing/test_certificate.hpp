// SPDX-License-Identifier: Apache-2.0
// TestCertificate: a certificate made for one test, in files that go away with it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::http::testing {

class TestCertificate;

/// What a certificate shall be like.
class CertificateWish {
public:
    std::string subject_alt_name = "DNS:localhost";  ///< or `IP:127.0.0.1`; may be empty

    /// Fields of the subject, in order: `{"CN", "agent 7"}`; without it one that no other has.
    std::optional<std::vector<std::pair<std::string, std::string>>> subject;

    const TestCertificate* issuer = nullptr;  ///< itself, if there is none
    std::chrono::seconds valid_from{-3600};   ///< from now
    std::chrono::seconds valid_for{30 * 86400};
    std::string passphrase;  ///< of the key's file
};

class TestCertificate {
public:
    /// Self-signed, valid for `subject_alt_name` (`DNS:localhost`, `IP:127.0.0.1`).
    explicit TestCertificate(const std::string& subject_alt_name);
    explicit TestCertificate(const CertificateWish& wish);
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    /// Puts the files of `other` in the place of these, as a renewal does.
    void become(const TestCertificate& other) const;

    std::string cert_path, key_path;

private:
    std::string folder_;
};

}  // namespace shadowcat::http::testing
