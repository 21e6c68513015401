// SPDX-License-Identifier: Apache-2.0
// One record per refusal.
#include "refusal_report.hpp"

namespace shadowcat::http {

void report_refusal(HttpConnection& connection, const Refusal& refusal, std::string_view method) {
    ListenerState& state = connection.state();
    if (refusal.in_session || !connection.options().is_endpoint(connection.head().path())) return;
    ExchangeRecord record;
    record.started = std::chrono::system_clock::now();
    const ClientInfo client = connection.client_info();
    record.peer = client.peer;
    record.principal = client.principal;
    record.method = method;
    record.outcome = "refused";
    record.reason = name(refusal.reason);
    record.status = refusal.status;
    record.error_code = refusal.rpc_code();
    record.bytes_in = connection.bytes_in();
    state.host.refused(record);
}

}  // namespace shadowcat::http
