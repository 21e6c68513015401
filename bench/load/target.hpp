// SPDX-License-Identifier: Apache-2.0
// Whom to ask, and what: URL, headers, the request file, what an answer must contain.
#pragma once

#include "../wire/options.hpp"
#include "report.hpp"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// A server's endpoint, and the headers that each request to it carries.
class Target {
public:
    /// Reads `--url` and `--header`.
    explicit Target(const Options& options);

    const sockaddr_in& address() const { return address_; }

    /// The head of a request; a session adds its id and the revision it speaks.
    std::string head(std::string_view method, std::string_view session,
                     std::uint64_t body_size) const;
    std::string post(std::string_view session, std::string_view body) const;

private:
    bool overrides(std::string_view name) const;
    void add_default(std::string& head, std::string_view name, std::string_view value) const;

    sockaddr_in address_{};
    std::string authority_;
    std::string path_;
    std::vector<std::pair<std::string, std::string>> headers_;
};

/// The request file's JSON. When `"id":1` stands in it, each request gets an id of its own there.
/// All ids have ten digits, so that Content-Length is the same for all.
class CallText {
public:
    static constexpr std::uint64_t kFirstId = 1'000'000'001;

    explicit CallText(std::string text);
    static CallText from_file(const std::string& path);

    bool has_id() const { return has_id_; }
    std::uint64_t size() const { return before_.size() + after_.size() + (has_id_ ? 10 : 0); }
    std::string_view before() const { return before_; }
    std::string_view after() const { return after_; }
    std::string text(std::uint64_t id) const;

private:
    std::string before_;
    std::string after_;
    bool has_id_;
};

/// The digits of a request's id, kept where the request can point to them.
class IdDigits {
public:
    std::string_view set(const CallText& call, std::uint64_t id);

private:
    std::array<char, 24> digits_;
};

/// What each right answer contains.
class Expected {
public:
    explicit Expected(std::vector<std::string> texts) : texts_(std::move(texts)) {}

    /// What is wrong with the body of the answer to request `id` (0: of no known id).
    Fault judge(std::string_view body, std::uint64_t id) const;

private:
    std::vector<std::string> texts_;
};

/// The number behind the body's `"id":`, which no text inside of a JSON string can imitate; 0
/// when there is none. Looks at both ends first: between them may be a megabyte.
std::uint64_t id_in(std::string_view body);

/// For error messages: its beginning and its end, in one line.
std::string excerpt(std::string_view body);

}  // namespace bench
