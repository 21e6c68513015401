// SPDX-License-Identifier: Apache-2.0
// Readiness: when a descriptor can be read or written again, at the price of no system call each.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace shadowcat::sdk::inline v1 {

class Poller;

/// Tells when a descriptor that would have blocked may be tried again. For transports that read and
/// write by themselves, without Asio's sockets: those tell the kernel anew for each wait what they
/// wait for, this once for all.
///
/// The rule of use: try first; wait after `EAGAIN`, or after a read that did not fill its buffer;
/// try again after a wait, which may have completed for nothing. After a read that filled its
/// buffer, or was not tried at all, say `expect_more` before waiting: what is left to read is not
/// told twice.
///
/// Belongs to one worker. One reader and one writer may wait at a time. The descriptor is a socket
/// or a pipe, stays the caller's, and is closed after this was destroyed.
class SHADOWCAT_API Readiness {
public:
    enum class For : std::uint8_t { reading, writing };

    /// `failed` says why `descriptor` can't be watched: it is none, or the kernel has no memory.
    Readiness(const Executor& executor, int descriptor, error_code& failed);

    /// Waits that are under way end as with `cancel`.
    ~Readiness();

    Readiness(const Readiness&) = delete;
    Readiness& operator=(const Readiness&) = delete;

    /// To be awaited; yields an error code: none, or `operation_aborted`.
    class Wait {
    public:
        /// Null: aborted at once.
        Wait(Readiness* readiness, For what) noexcept : readiness_(readiness), what_(what) {}

        bool await_ready() noexcept {
            if (!readiness_) outcome_ = asio::error::operation_aborted;
            return !readiness_ || readiness_->take(what_);
        }
        template <std::derived_from<Promise> Parent>
        void await_suspend(std::coroutine_handle<Parent> parent) noexcept {
            Waiting waiting(parent.promise().flow(), parent);
            readiness_->suspend(what_, std::move(waiting), outcome_);
        }
        error_code await_resume() const noexcept { return outcome_; }

    private:
        Readiness* readiness_;
        error_code outcome_;
        For what_;
    };

    /// Waits until the descriptor may be ready. Ended by `cancel` and by nothing else.
    [[nodiscard]] Wait wait(For what) noexcept { return Wait(this, what); }

    /// The same for at most `limit`: then `timed_out`. For handshakes, not for the data path.
    [[nodiscard]] awaitable<error_code> wait(For what, Duration limit);

    /// The next wait for reading completes at once: there may be more to read already.
    void expect_more() noexcept { sides_[0].ready = true; }

    /// Whether something to read, or the end, was noticed that no wait has told yet. It may have
    /// been read since.
    bool noticed() const noexcept { return sides_[0].ready || sides_[0].over; }

    /// Waits that are under way end with `operation_aborted`, not inside of this call.
    void cancel() noexcept;

private:
    friend class Poller;
    class Expiry;

    class Side {
    public:
        Waiting waiting;
        error_code* outcome = nullptr;  // the waiter's
        bool ready = false;
        bool over = false;  // it will never block again
    };

    Side& side(For what) noexcept { return sides_[static_cast<std::size_t>(what)]; }
    bool take(For what) noexcept {
        Side& mine = side(what);
        return std::exchange(mine.ready, false) || mine.over;
    }
    void suspend(For what, Waiting waiting, error_code& outcome) noexcept;
    void happened(std::uint32_t events);
    void resume(For what);
    void end(For what, const error_code& why) noexcept;
    void drop() noexcept;

    Poller& poller_;
    Executor executor_;
    std::array<Side, 2> sides_;
    std::shared_ptr<bool> alive_;  // once a wait was limited
    bool* destroyed_ = nullptr;    // while an event is told
    std::size_t place_ = 0;        // among the poller's
    int descriptor_;
};

}  // namespace shadowcat::sdk::inline v1
