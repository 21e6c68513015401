// SPDX-License-Identifier: Apache-2.0
// Tallies answers and prints them as JSON.
#include "report.hpp"

#include <cstdio>

namespace bench {
namespace {

constexpr std::array<std::string_view, 6> kFaultNames = {"none", "status", "text",
                                                         "id",   "lost",   "late"};

std::string decimal(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.3f", value);
    return text.data();
}

std::string microseconds(std::uint64_t nanoseconds) {
    return decimal(static_cast<double>(nanoseconds) / 1000);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + '"';
}

}  // namespace

void Tally::wrong(Fault fault, std::string detail) {
    ++faults_[static_cast<std::size_t>(fault)];
    if (++errors_ == 1) first_fault_ = std::move(detail);
}

JsonObject& JsonObject::add(std::string_view name, double value) {
    return add_raw(name, decimal(value));
}

JsonObject& JsonObject::add(std::string_view name, std::uint64_t value) {
    return add_raw(name, std::to_string(value));
}

JsonObject& JsonObject::add(std::string_view name, std::string_view text) {
    return add_raw(name, quoted(text));
}

JsonObject& JsonObject::add_raw(std::string_view name, std::string_view json) {
    members_ += members_.empty() ? "{" : ",";
    members_ += quoted(name);
    members_ += ':';
    members_ += json;
    return *this;
}

std::string percentiles_json(const Histogram& histogram) {
    JsonObject object;
    object.add_raw("p50", microseconds(histogram.percentile(0.5)));
    object.add_raw("p90", microseconds(histogram.percentile(0.9)));
    object.add_raw("p99", microseconds(histogram.percentile(0.99)));
    object.add_raw("p99.9", microseconds(histogram.percentile(0.999)));
    object.add_raw("max", microseconds(histogram.max()));
    object.add("mean", histogram.mean() / 1000);
    return object.text();
}

std::string buckets_json(const Histogram& histogram) {
    std::string list = "[";
    for (const auto& [highest, count] : histogram.buckets()) {
        if (list.size() > 1) list += ',';
        list += '[' + microseconds(highest) + ',' + std::to_string(count) + ']';
    }
    return list + ']';
}

void add_tally(JsonObject& object, const Tally& tally) {
    JsonObject faults;
    for (std::size_t i = 1; i < kFaultNames.size(); ++i)
        faults.add(kFaultNames[i], tally.count_of(static_cast<Fault>(i)));
    object.add("answered", tally.answered()).add("errors", tally.errors());
    object.add_raw("faults", faults.text());
    if (tally.errors() > 0) object.add("first_fault", tally.first_fault());
    object.add_raw("latency_us", percentiles_json(tally.latency()));
}

int finish(const JsonObject& object, const Tally& tally) {
    std::printf("%s\n", object.text().c_str());
    if (tally.errors() == 0 && tally.answered() > 0) return 0;
    const std::string why = tally.errors() == 0 ? "no answer at all" : tally.first_fault();
    std::fprintf(stderr, "bench-load: %llu wrong answers; the first: %s\n",
                 static_cast<unsigned long long>(tally.errors()), why.c_str());
    return 1;
}

}  // namespace bench
