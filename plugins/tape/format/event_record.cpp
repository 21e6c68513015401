// SPDX-License-Identifier: Apache-2.0
// Copies a transport event.
#include "format/event_record.hpp"

namespace shadowcat::tape {

EventRecord::EventRecord(const sdk::TransportEvent& event)
    : kind(event.kind),
      hop(event.hop),
      session(event.session),
      upstream(event.upstream),
      stream(event.stream),
      method(event.method),
      target(event.target),
      text(event.text),
      status(event.status),
      event_id(event.event_id),
      event_name(event.event_name),
      retry_ms(event.retry_ms),
      data_bytes(event.data_bytes) {
    for (const sdk::HeaderField& field : event.headers)
        headers.emplace_back(field.name, field.value);
}

}  // namespace shadowcat::tape
