// SPDX-License-Identifier: Apache-2.0
// The keys of the stdio listener and their bounds.
#include "listener_options.hpp"

namespace shadowcat::transport_stdio {

namespace {

constexpr std::int64_t kDefaultBytes = 10 * 1024 * 1024;
constexpr std::int64_t kMaxBytes = 1024 * 1024 * 1024;
constexpr std::int64_t kDefaultDepth = 128;
constexpr std::int64_t kMaxDepth = 1024;
constexpr std::int64_t kDefaultInFlight = 256;
constexpr std::int64_t kMaxInFlight = 65536;
constexpr std::int64_t kDefaultDrainSecs = 5;
constexpr std::int64_t kMaxDrainSecs = 3600;
constexpr std::int64_t kDefaultWriteSecs = 60;
constexpr std::int64_t kMaxWriteSecs = 3600;

}  // namespace

sdk::Schema ListenerOptions::schema() {
    sdk::Schema schema;
    schema.add(sdk::integer("max_message_bytes", "Size limit of one message of the client")
                   .defaults_to(kDefaultBytes)
                   .between(1024, kMaxBytes));
    schema.add(sdk::integer("max_depth", "Limit of nesting in one message of the client")
                   .defaults_to(kDefaultDepth)
                   .between(8, kMaxDepth));
    schema.add(sdk::integer("max_in_flight", "Requests at a time; stdin is not read beyond that")
                   .defaults_to(kDefaultInFlight)
                   .between(1, kMaxInFlight));
    schema.add(
        sdk::integer("drain_secs", "How long requests in flight may take after stdin has ended")
            .defaults_to(kDefaultDrainSecs)
            .between(0, kMaxDrainSecs));
    schema.add(sdk::integer("write_timeout_secs",
                            "How long a client may leave more than 1 MiB of answers unread")
                   .defaults_to(kDefaultWriteSecs)
                   .between(1, kMaxWriteSecs));
    return schema;
}

ListenerOptions::ListenerOptions(const sdk::Json& config)
    : limits(config.value("max_message_bytes", kDefaultBytes),
             config.value("max_depth", kDefaultDepth)),
      max_in_flight(config.value("max_in_flight", kDefaultInFlight)),
      drain(std::chrono::seconds(config.value("drain_secs", kDefaultDrainSecs))),
      write_patience(std::chrono::seconds(config.value("write_timeout_secs", kDefaultWriteSecs))) {}

}  // namespace shadowcat::transport_stdio
