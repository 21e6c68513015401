// SPDX-License-Identifier: Apache-2.0
// What a page says, as the client asked for it.
#include "page_answer.hpp"

namespace shadowcat::http {

awaitable<> answer_with_page(HttpConnection& connection) {
    (void)connection.take_body();
    const RequestHead& head = connection.head();
    PageRequest wanted(head.method == Method::post ? "POST" : "GET", std::string(head.path()),
                       std::string(head.query()));
    const Page page =
        co_await connection.state().host.page(std::move(wanted), connection.group().worker());
    std::string fields;
    if (!page.allow.empty()) fields.append("Allow: ").append(page.allow).append("\r\n");
    co_await connection.respond(page.status, page.content_type, page.body, fields);
}

}  // namespace shadowcat::http
