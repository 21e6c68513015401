// SPDX-License-Identifier: Apache-2.0
// The status tables.
#include "response_status.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::http {

int status_of(const Error& error) noexcept {
    const bool client = error.source() != ErrorSource::upstream;
    switch (error.code()) {
        case ErrorCode::unavailable:
        case ErrorCode::session_limit:
            return 503;
        case ErrorCode::timed_out:
            return 504;
        case ErrorCode::unreachable:
        case ErrorCode::crashed:
        case ErrorCode::closed:
        case ErrorCode::protocol:
            return 502;
        case ErrorCode::unknown_session:
            return 404;
        case ErrorCode::too_large:
            return client ? 413 : 502;
        case ErrorCode::parse:
        case ErrorCode::invalid_request:
            return client ? 400 : 502;
        case ErrorCode::internal:
        case ErrorCode::config:
            return 500;
        case ErrorCode::blocked:
        case ErrorCode::cancelled:
        case ErrorCode::unsupported:
            return 200;
    }
    return 500;
}

int status_of_stateless(const Message& response) {
    switch (error_code_of(response).value_or(0)) {
        case json_rpc::kMethodNotFound:
            return 404;
        case json_rpc::kHeaderMismatch:
        case json_rpc::kMissingClientCapability:
        case json_rpc::kUnsupportedProtocolVersion:
            return 400;
        default:
            return 200;
    }
}

int status_of_stateless(const Error& error, const Message& response) {
    const int of_response = status_of_stateless(response);
    if (of_response != 200) return of_response;
    const int status = status_of(error);
    return status == 404 ? 502 : status;
}

int status_of_refused_notification(const Error& error) noexcept {
    const int status = status_of(error);
    return status == 200 ? 400 : status;
}

std::string_view reason_phrase(int status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "";
    }
}

}  // namespace shadowcat::http
