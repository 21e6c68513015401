// SPDX-License-Identifier: Apache-2.0
// Filling the record of an exchange.
#include "core/exchange/exchange_log.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

namespace {

int code_of(const sdk::Message& error_response) {
    const auto document = nlohmann::json::parse(error_response.bytes(), nullptr, false);
    const auto error = document.value("error", nlohmann::json());
    if (!error.is_object()) return 0;
    const auto code = error.find("code");
    return code != error.end() && code->is_number_integer() ? code->get<int>() : 0;
}

}  // namespace

ExchangeLog::ExchangeLog(const Session& session, const sdk::Message& request, bool traces,
                         sdk::TimePoint started)
    : started_(started), name_(request.name()), peer_(session.peer()) {
    record_.started = std::chrono::system_clock::now();
    record_.session = session.label();
    record_.principal = session.principal();
    record_.peer = peer_;
    record_.bytes_in = request.bytes().size();
    if (traces) trace(request.traceparent());
}

/// A malformed parent is as good as none: it is not passed on (duties B.13).
void ExchangeLog::trace(std::string_view parent) {
    const auto context = sdk::TraceContext::parse(parent);
    record_.trace = context ? context->child() : sdk::TraceContext::fresh(true);
    if (context) std::ranges::copy(context->span_id(), record_.parent_span.begin());
}

void ExchangeLog::mark(sdk::Message& request) const {
    if (record_.trace.valid()) request.set_traceparent(record_.trace.text());
}

void ExchangeLog::server_spoke() {
    if (record_.first_reply == sdk::Duration()) record_.first_reply = sdk::Clock::now() - started_;
}

void ExchangeLog::said(const sdk::Message& message) {
    record_.bytes_out += message.bytes().size();
    if (message.kind() == sdk::MessageKind::error) record_.error_code = code_of(message);
}

void ExchangeLog::failed(const sdk::Error& error) {
    record_.reason = sdk::name(error.code());
    record_.error_code = sdk::json_rpc_code(error);
}

const sdk::ExchangeRecord& ExchangeLog::finish(const Session& session, std::string_view method,
                                               Outcome outcome, int status, sdk::Duration elapsed) {
    record_.name = name_;
    record_.method = method;
    record_.upstream = session.upstream_name();
    record_.outcome = name(outcome);
    record_.status = status;
    record_.elapsed = elapsed;
    return record_;
}

}  // namespace shadowcat::core
