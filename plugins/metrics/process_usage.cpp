// SPDX-License-Identifier: Apache-2.0
// Linux: /proc/self, getrusage, getrlimit.
#include "process_usage.hpp"

#include "shadowcat/sdk/version.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

namespace shadowcat::metrics {

namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double read_cpu_seconds() {
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// `btime`: when the machine started, in seconds since the epoch.
double boot_seconds() {
    std::ifstream file("/proc/stat");
    double value = 0;
    for (std::string key; file >> key; file.ignore(1 << 20, '\n'))
        if (key == "btime" && file >> value) return value;
    return 0;
}

/// Field 22 of /proc/self/stat, counted from behind the command, which may hold anything.
double read_start_seconds() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
    std::string skipped;
    for (int field = 3; field < 22; ++field)
        fields >> skipped;
    double ticks = 0;
    fields >> ticks;
    const double boot = boot_seconds();
    if (!fields || boot == 0) return 0;
    return boot + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Since Linux 6.2 the directory's size; before, its entries are counted.
std::uint64_t count_descriptors() {
    struct stat about = {};
    if (::stat("/proc/self/fd", &about) == 0 && about.st_size > 0)
        return static_cast<std::uint64_t>(about.st_size);
    std::error_code failed;
    std::uint64_t count = 0;
    for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", failed);
         !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed))
        ++count;
    return count > 0 ? count - 1 : 0;  // not the one that counted
}

std::uint64_t descriptor_limit() {
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

class Page {
public:
    void add(prometheus::MetricType type, std::string name, std::string help, double value,
             std::vector<prometheus::ClientMetric::Label> labels = {}) {
        prometheus::ClientMetric metric;
        metric.label = std::move(labels);
        metric.counter.value = metric.gauge.value = value;
        prometheus::MetricFamily& family = families_.emplace_back();
        family.name = std::move(name);
        family.help = std::move(help);
        family.type = type;
        family.metric.push_back(std::move(metric));
    }
    std::string text() const {
        std::ostringstream out;
        prometheus::TextSerializer().Serialize(out, families_);
        return std::move(out).str();
    }

private:
    std::vector<prometheus::MetricFamily> families_;
};

}  // namespace

ProcessUsage ProcessUsage::now() {
    ProcessUsage usage;
    static const double start = read_start_seconds();  // doesn't change
    usage.start_seconds = start;
    usage.cpu_seconds = read_cpu_seconds();
    usage.open_descriptors = count_descriptors();
    usage.max_descriptors = descriptor_limit();
    std::uint64_t all_pages = 0, resident_pages = 0;
    std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    usage.virtual_bytes = all_pages * page;
    usage.resident_bytes = resident_pages * page;
    return usage;
}

std::string process_text(const ProcessUsage& usage) {
    using enum prometheus::MetricType;
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    Page page;
    page.add(Counter, "process_cpu_seconds_total", "CPU time of all threads, user and system",
             usage.cpu_seconds);
    page.add(Gauge, "process_start_time_seconds", "When the process started, since the epoch",
             usage.start_seconds);
    page.add(Gauge, "process_resident_memory_bytes", "Memory in RAM, without child processes",
             number(usage.resident_bytes));
    page.add(Gauge, "process_virtual_memory_bytes", "Address space", number(usage.virtual_bytes));
    page.add(Gauge, "process_open_fds", "Open file descriptors", number(usage.open_descriptors));
    page.add(Gauge, "process_max_fds", "Most file descriptors that may be open",
             number(usage.max_descriptors));
    page.add(Gauge, "shadowcat_build_info", "Always 1; the labels say which build runs", 1,
             {{"version", SHADOWCAT_SDK_VERSION}});
    return page.text();
}

}  // namespace shadowcat::metrics
