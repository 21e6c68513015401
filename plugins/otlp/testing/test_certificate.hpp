// SPDX-License-Identifier: Apache-2.0
// TestCertificate: a self-signed certificate made for one test, in files that go away with it.
#pragma once

#include <string>

namespace shadowcat::otlp::testing {

class TestCertificate {
public:
    /// Valid for `subject_alt_name` (`DNS:localhost`, `IP:127.0.0.1`).
    explicit TestCertificate(const std::string& subject_alt_name);
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    std::string cert_path, key_path;

private:
    std::string folder_;
};

}  // namespace shadowcat::otlp::testing
