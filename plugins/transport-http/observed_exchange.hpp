// SPDX-License-Identifier: Apache-2.0
// ObservedExchange: one HTTP exchange, as transport observers are told of it.
#pragma once

#include "shadowcat/sdk/transport_event.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Made only while somebody observes. Each `tell` says it to the observer of the worker it names,
/// where it runs; the exchange may have moved there from another. Nothing is told behind the end.
class ObservedExchange {
public:
    /// With a client, which has sent `request_head`: gets a number of its own, unique in this
    /// process.
    explicit ObservedExchange(std::string_view request_head);

    /// With the server of `upstream`, caused by the client's exchange `stream` (0: by none).
    ObservedExchange(std::string_view upstream, std::string_view session, std::uint64_t stream,
                     std::string_view request_head);

    std::uint64_t stream() const noexcept { return stream_; }

    /// The request, once it is known whose it is; later calls have no effect.
    void tell_request(Worker& worker, std::string_view session);

    /// `head`: the response's, as sent or received. Tells of the request too, if nobody has.
    void tell_response(Worker& worker, std::string_view head);

    void tell_event(Worker& worker, std::string_view id, std::string_view name,
                    std::size_t data_bytes, std::optional<std::uint64_t> retry_ms = std::nullopt);

    /// What `tell_end` says; the first counts. A literal.
    void ends_as(const char* how) noexcept {
        if (!how_) how_ = how;
    }
    void tell_end(Worker& worker, const char* otherwise);

private:
    TransportEvent event(TransportEvent::Kind kind) const;

    const Hop hop_;
    const std::uint64_t stream_;
    std::string upstream_, session_;
    std::string request_;  // its head, until that is told
    const char* how_ = nullptr;
    bool told_ = false;
};

/// One with a server, on the worker that it stays on; over when this is destroyed.
class ObservedRequest {
public:
    ObservedRequest(Worker& worker, std::string_view upstream, std::string_view session,
                    std::uint64_t stream, std::string_view head)
        : worker_(worker), exchange_(upstream, session, stream, head) {
        exchange_.tell_request(worker_, session);
    }
    ObservedRequest(const ObservedRequest&) = delete;
    ObservedRequest& operator=(const ObservedRequest&) = delete;
    ~ObservedRequest() { exchange_.tell_end(worker_, "given up"); }

    void answered(std::string_view head) { exchange_.tell_response(worker_, head); }
    void got_event(std::string_view id, std::string_view name, std::size_t data_bytes,
                   std::optional<std::uint64_t> retry_ms) {
        exchange_.tell_event(worker_, id, name, data_bytes, retry_ms);
    }
    void ends_as(const char* how) noexcept { exchange_.ends_as(how); }

private:
    Worker& worker_;
    ObservedExchange exchange_;
};

}  // namespace shadowcat::http
