// SPDX-License-Identifier: Apache-2.0
// Offers the recorder to the loader.
#include "record/register.hpp"

#include "record/options.hpp"
#include "record/tape_interceptor.hpp"

namespace shadowcat::tape {

namespace {

std::unique_ptr<sdk::Interceptor> make_recorder(const sdk::Json& config,
                                                const sdk::InterceptorContext& context) {
    const Options options(config);
    auto recorder = context.shared.get<Recorder>(
        [&] { return std::make_shared<Recorder>(options, context.metrics); });
    return std::make_unique<TapeInterceptor>(std::move(recorder), context.worker);
}

}  // namespace

void register_recorder(sdk::Registrar& registrar) {
    registrar.add<sdk::Interceptor>("tape", "records sessions for replay, comparison and search",
                                    Options::schema(), make_recorder);
}

}  // namespace shadowcat::tape
