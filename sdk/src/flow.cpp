// SPDX-License-Identifier: Apache-2.0
// What becomes of a flow that nothing will resume.
#include "shadowcat/sdk/flow.hpp"

#include <boost/asio/post.hpp>

namespace shadowcat::sdk::inline v1 {

namespace {

/// Destroys the frames when it is run or, in a loop that runs no more, dropped.
class Unwinding {
public:
    explicit Unwinding(std::coroutine_handle<> first) noexcept : first_(first) {}
    Unwinding(Unwinding&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
    Unwinding& operator=(Unwinding&&) = delete;
    ~Unwinding() {
        if (first_) first_.destroy();
    }

    void operator()() {}

private:
    std::coroutine_handle<> first_;
};

}  // namespace

void Flow::abandon() noexcept {
    dropped_ = true;
    if (!running_) leave();
}

/// Dropped frames go later: whoever drops the wait may be what they refer to.
void Flow::leave() noexcept {
    if (ended_) return first_.destroy();  // and with it this flow
    asio::post(executor_, Unwinding(first_));
}

}  // namespace shadowcat::sdk::inline v1
