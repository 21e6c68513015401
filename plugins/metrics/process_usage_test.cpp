// SPDX-License-Identifier: Apache-2.0
// ProcessUsage: true numbers, under the names that dashboards know.
#include "process_usage.hpp"

#include "shadowcat/sdk/version.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

using shadowcat::metrics::process_text;
using shadowcat::metrics::ProcessUsage;

namespace {

bool shows_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("descriptors are counted as they are opened and closed") {
    const auto before = ProcessUsage::now().open_descriptors;
    std::vector<int> opened;
    for (int i = 0; i < 20; ++i)
        opened.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    CHECK(ProcessUsage::now().open_descriptors == before + 20);
    for (const int each : opened)
        ::close(each);
    CHECK(ProcessUsage::now().open_descriptors == before);
    CHECK(ProcessUsage::now().max_descriptors ==
          static_cast<std::uint64_t>(::sysconf(_SC_OPEN_MAX)));
}

TEST_CASE("memory that is used is resident") {
    const auto before = ProcessUsage::now();
    const std::vector<char> used(64 << 20, 'x');
    const auto after = ProcessUsage::now();
    CHECK(after.resident_bytes >= before.resident_bytes + (60 << 20));
    CHECK(after.virtual_bytes > after.resident_bytes);
    CHECK(used.back() == 'x');
}

TEST_CASE("time spent counts") {
    const double before = ProcessUsage::now().cpu_seconds;
    volatile unsigned sum = 0;
    for (int rounds = 0; rounds < 10'000 && ProcessUsage::now().cpu_seconds == before; ++rounds)
        for (unsigned i = 0; i < 100'000; ++i)
            sum = sum + i;
    CHECK(ProcessUsage::now().cpu_seconds > before);
}

TEST_CASE("the process started a moment ago") {
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    const double age = now.count() - ProcessUsage::now().start_seconds;
    CHECK(age > -2);  // the boot time is told in whole seconds
    CHECK(age < 600);
}

TEST_CASE("the page's lines") {
    ProcessUsage usage;
    usage.cpu_seconds = 1.25;
    usage.start_seconds = 1769860800.5;
    usage.resident_bytes = 123456789;
    usage.open_descriptors = 42;
    const std::string text = process_text(usage);
    CHECK(shows_line(text, "# TYPE process_cpu_seconds_total counter"));
    CHECK(shows_line(text, "process_cpu_seconds_total 1.25"));
    CHECK(shows_line(text, "process_start_time_seconds 1769860800.5"));
    CHECK(shows_line(text, "process_resident_memory_bytes 123456789"));
    CHECK(shows_line(text, "# TYPE process_open_fds gauge"));
    CHECK(shows_line(text, "process_open_fds 42"));
    CHECK(shows_line(text, "shadowcat_build_info{version=\"" SHADOWCAT_SDK_VERSION "\"} 1"));
}
