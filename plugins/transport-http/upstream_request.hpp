// SPDX-License-Identifier: Apache-2.0
// RequestHeads: the heads of the requests that one session sends to its upstream.
#pragma once

#include "upstream_target.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::http {

/// What is the same in every request is built once and again only when the session learns its id or
/// its revision. Nothing that a client sent as a header gets in here. Messages of the stateless era
/// have nothing to do with the session: their heads come from `post_stateless`.
class RequestHeads {
public:
    explicit RequestHeads(const UpstreamTarget& target) : target_(target) { build(); }

    /// Visible ASCII, as `is_header_token` checks.
    void set_session_id(std::string id);
    void set_revision(std::string revision);

    /// Path and query to use instead of the target's.
    void set_path(std::string path);

    const std::string& session_id() const noexcept { return session_id_; }

    /// Each replaces `out`, whose capacity is kept.
    void post(std::string& out, std::size_t body_bytes, std::string_view traceparent = {}) const;
    void get(std::string& out, std::string_view last_event_id) const;
    void remove(std::string& out) const;

    /// `mirror` are lines that mirror the body, as `mirror_lines` makes them.
    void post_stateless(std::string& out, std::size_t body_bytes, std::string_view traceparent,
                        std::string_view mirror) const;

private:
    void build();
    std::string_view without_session() const {
        return std::string_view(common_).substr(0, session_at_);
    }

    const UpstreamTarget& target_;
    std::string session_id_, revision_;
    std::string path_;            // empty: the target's
    std::string common_;          // the header lines of every request
    std::size_t session_at_ = 0;  // where in it those of the session begin
    std::string post_;            // a POST up to the value of Content-Length
};

/// True for 1 to 1024 visible ASCII characters: what a session id or a revision may look like.
bool is_header_token(std::string_view text);

/// True when `text` may stand in a header as it is.
bool is_header_value(std::string_view text);

}  // namespace shadowcat::http
