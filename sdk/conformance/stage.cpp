// SPDX-License-Identifier: Apache-2.0
// Runs the worker in small steps until a condition holds.
#include "stage.hpp"

#include <doctest/doctest.h>

namespace shadowcat::contract {

namespace {
bool any_hanging = false;
}

Stage::Stage() : worker_(std::make_unique<sdk::Worker>()) {
    if (any_hanging) throw std::runtime_error("not run: an earlier case hangs");
}

Stage::~Stage() {
    const bool empty = !hanging_ && until([this] { return worker_->gate().inside() == 0; });
    if (empty) return;
    if (!hanging_) FAIL_CHECK("coroutines are left behind: ", worker_->gate().inside());
    any_hanging = true;
    static_cast<void>(worker_.release());
}

bool Stage::until(const std::function<bool()>& done) {
    const auto deadline = sdk::Clock::now() + kPatience;
    while (!done()) {
        if (sdk::Clock::now() > deadline) return false;
        sdk::asio::io_context& context = worker_->context();
        if (context.stopped()) context.restart();
        context.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
}

void Stage::finish(sdk::awaitable<> task, const std::string& what) noexcept {
    if (hanging_) return;
    try {
        run(std::move(task), what);
    } catch (const std::exception& failure) {
        FAIL_CHECK(std::string(failure.what()));
    }
}

void Stage::give_up(const std::string& what) {
    hanging_ = any_hanging = true;
    throw std::runtime_error(what + " did not complete in time");
}

}  // namespace shadowcat::contract
