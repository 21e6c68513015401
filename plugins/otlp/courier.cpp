// SPDX-License-Identifier: Apache-2.0
// Attempts, their outcome, and the pause after a failure.
#include "courier.hpp"

#include <algorithm>
#include <random>

namespace shadowcat::otlp {

namespace {

std::uint32_t chance() {
    thread_local std::minstd_rand generator(std::random_device{}());
    return static_cast<std::uint32_t>(generator() >> 4);
}

sdk::Counter& counter(sdk::Metrics& metrics, std::string_view signal, const char* outcome) {
    return metrics.counter("shadowcat_otlp_exports_total", "Requests to the OTLP collector",
                           {{"signal", std::string(signal)}, {"outcome", outcome}});
}

}  // namespace

Courier::Courier(sdk::Worker& worker, const ExporterOptions& options, std::string_view signal,
                 sdk::Metrics& metrics)
    : options_(options),
      path_("/v1/" + std::string(signal)),
      client_(worker, options),
      standing_(signal, options.endpoint.display()),
      accepted_(counter(metrics, signal, "accepted")),
      refused_(counter(metrics, signal, "refused")),
      failed_(counter(metrics, signal, "failed")) {}

sdk::awaitable<Verdict> Courier::deliver(std::string_view body) {
    const sdk::TimePoint deadline = std::min(sdk::Clock::now() + options_.timeout, end_);
    const sdk::Result<Reply> reply = co_await client_.post(path_, body, deadline);
    Verdict verdict = judge(reply, std::chrono::system_clock::now());
    const bool later = verdict.kind == Verdict::Kind::later;
    if (later)
        pause_ = backoff_.next(verdict.retry_after, chance());
    else
        backoff_.reset();
    count(verdict);
    standing_.note(verdict);
    co_return verdict;
}

void Courier::count(const Verdict& verdict) {
    if (verdict.kind == Verdict::Kind::accepted) accepted_.add();
    if (verdict.kind == Verdict::Kind::refused) refused_.add();
    if (verdict.kind == Verdict::Kind::later) failed_.add();
}

void Courier::hurry(sdk::TimePoint deadline) {
    end_ = std::min(end_, deadline);
    client_.hurry(end_);
}

}  // namespace shadowcat::otlp
