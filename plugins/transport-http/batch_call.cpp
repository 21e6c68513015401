// SPDX-License-Identifier: Apache-2.0
// POST of a batch: its requests are performed side by side.
#include "shadowcat/sdk/batch.hpp"
#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker_hop.hpp"

#include "batch_answer.hpp"
#include "mcp_endpoint.hpp"
#include "request_rules.hpp"

#include <algorithm>
#include <exception>
#include <optional>

namespace shadowcat::http {

namespace {

constexpr std::string_view kRevision = "2025-03-26";
constexpr std::size_t kMostMessages = 100;

/// A batch on its way to its session's worker, and what became of it.
class BatchDelivery {
public:
    BatchDelivery(HttpConnection& connection, Result<std::vector<Message>> batch)
        : session_id(connection.head().session_id.value()),
          client(connection.client_info()),
          here(connection.group().worker()),
          messages(std::move(batch)),
          answer(connection),
          has_requests(messages && std::ranges::any_of(*messages, &Message::is_request)) {}

    std::string_view session_id;
    ClientInfo client;
    Worker& here;  // the connection's
    Result<std::vector<Message>> messages;
    BatchAnswer answer;
    bool has_requests;
    bool performed = false;
    std::optional<Refusal> refusal;  // nothing was done, or a notification wasn't taken
};

awaitable<> perform_one(std::shared_ptr<ClientSession> session, Message request, Worker& there,
                        BatchDelivery& delivery, [[maybe_unused]] Gate::Pass pass) {
    BatchReplies replies(delivery.answer);
    if (&there == &delivery.here) {
        co_await session->request(std::move(request), replies);
        co_return;
    }
    HopReplies hop(delivery.here, replies);
    co_await session->request(std::move(request), hop);
}

awaitable<> start(std::shared_ptr<ClientSession> session, Worker& there, BatchDelivery& delivery,
                  Gate& under_way) {
    for (Message& message : *delivery.messages) {
        if (message.is_request()) {
            auto whole =
                perform_one(session, std::move(message), there, delivery, under_way.enter());
            spawn_logged(there, std::move(whole), "http.batch");
            continue;
        }
        const Result<void> taken = co_await session->notify(std::move(message));
        if (!taken && !delivery.refusal) delivery.refusal = refuse_notification(taken.error());
    }
}

awaitable<> perform(std::shared_ptr<ClientSession> session, Worker& there,
                    BatchDelivery& delivery) {
    Gate under_way;
    std::exception_ptr escaped;
    try {
        co_await start(session, there, delivery, under_way);
    } catch (...) {
        escaped = std::current_exception();
    }
    co_await under_way.empty();
    if (escaped) std::rethrow_exception(escaped);
}

/// On the session's worker, `there`.
awaitable<> deliver(Service& service, Worker& there, BatchDelivery& delivery) {
    const auto found = service.find(delivery.session_id, delivery.client);
    if (!found) {
        delivery.refusal = refuse_session(found.error());
    } else if ((*found)->revision() != kRevision) {
        const Error error =
            downstream_error(ErrorCode::invalid_request,
                             "not a JSON-RPC 2.0 message: batches are not supported "
                             "in this session's revision");
        delivery.refusal = refuse_message(error);
    } else if (!delivery.messages) {
        delivery.refusal = refuse_message(delivery.messages.error());
    } else {
        delivery.performed = true;
        ObservedExchange* observed = delivery.answer.connection().observed();
        if (observed) observed->tell_request(there, (*found)->label());
        co_await perform(*found, there, delivery);
    }
}

}  // namespace

awaitable<> take_batch(HttpConnection& connection, std::string text) {
    auto batch = split_batch(text, connection.options().message, kMostMessages);
    if (!batch && batch.error().code() != ErrorCode::invalid_request) {
        const Refusal refusal = refuse_message(batch.error());
        co_await connection.refuse(refusal);
        co_return;
    }
    BatchDelivery delivery(connection, std::move(batch));
    ConnectionGroup& owner = connection.owner();
    co_await run_on(delivery.here, owner.worker(),
                    deliver(owner.service(), owner.worker(), delivery));
    if (delivery.performed && delivery.has_requests) {
        co_await delivery.answer.finish();
    } else if (delivery.refusal) {
        co_await connection.refuse(*delivery.refusal);
    } else {
        co_await connection.respond(202, "", "");
    }
}

}  // namespace shadowcat::http
