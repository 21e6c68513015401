// SPDX-License-Identifier: Apache-2.0
// Links to tapes.
#include "replay/replay_connector.hpp"

#include "format/tape_files.hpp"
#include "replay/off_thread.hpp"
#include "replay/playback.hpp"
#include "replay/recording_file.hpp"

#include <stdexcept>
#include <utility>

namespace shadowcat::tape {

namespace {

class ReplayLink final : public sdk::Link {
public:
    ReplayLink(std::shared_ptr<Playback> playback, std::string peer)
        : playback_(std::move(playback)), peer_(std::move(peer)) {}
    ~ReplayLink() override { playback_->abandon(); }

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        return Playback::call(playback_, std::move(request), replies, cancellation);
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        return Playback::send(playback_, std::move(message));
    }
    sdk::awaitable<> close() override { return Playback::close(playback_); }
    bool alive() const noexcept override { return playback_->alive(); }
    void set_listening(bool listening) override {
        if (playback_->live()) playback_->live()->set_listening(listening);
    }
    void set_session(std::string_view label) override {
        if (playback_->live()) playback_->live()->set_session(label);
    }
    void kill() noexcept override { playback_->kill(); }
    std::size_t resident_bytes() const override {
        return playback_->live() ? playback_->live()->resident_bytes() : 0;
    }
    std::string peer() const override { return peer_; }

private:
    std::shared_ptr<Playback> playback_;
    std::string peer_;
};

std::shared_ptr<sdk::Connector> make_live(const ReplayOptions& options,
                                          const sdk::ConnectorContext& context) {
    if (options.on_no_match != OnNoMatch::upstream) return nullptr;
    if (!context.make) throw std::runtime_error("upstream: there are no other connectors here");
    sdk::Result<std::unique_ptr<sdk::Connector>> made = context.make(options.upstream);
    if (made.has_error()) throw std::runtime_error(made.error().message());
    return *std::move(made);
}

sdk::Result<std::shared_ptr<const Recording>> read_wanted(const ReplayOptions& options) {
    std::filesystem::path directory = options.directory;
    if (directory.empty()) directory = default_tape_directory();
    const sdk::Result<std::filesystem::path> file = find_tape(options.tape, directory);
    if (file.has_error())
        return sdk::upstream_error(sdk::ErrorCode::unreachable, file.error().message());
    sdk::Result<std::shared_ptr<const Recording>> read = shared_recording(*file);
    if (read.has_error() || options.allow_redacted) return read;
    const sdk::Result<void> whole = refuse_redacted(**read, file->string());
    if (whole.has_error()) return whole.error();
    return read;
}

}  // namespace

ReplayConnector::ReplayConnector(const sdk::Json& config, const sdk::ConnectorContext& context)
    : worker_(context.worker),
      upstream_(context.upstream),
      options_(std::make_shared<const ReplayOptions>(config)),
      live_(make_live(*options_, context)) {}

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> ReplayConnector::open(
    sdk::LinkEvents& events, const sdk::LinkOptions& options) {
    const sdk::LinkOptions kept = options;
    if (!recording_) {
        std::optional<sdk::Result<std::shared_ptr<const Recording>>> read;
        const std::shared_ptr<const ReplayOptions> wanted = options_;
        const std::function<void()> job = [wanted, &read] { read = read_wanted(*wanted); };
        co_await off_thread(worker_, job);
        if (read->has_error())
            co_return read->error().within("upstream '" + upstream_ + "'").mark_nothing_sent();
        recording_ = **read;
    }
    co_return link_to(recording_, events, kept);
}

std::unique_ptr<sdk::Link> ReplayConnector::link_to(std::shared_ptr<const Recording> recording,
                                                    sdk::LinkEvents& events,
                                                    const sdk::LinkOptions& options) {
    auto playback = std::make_shared<Playback>(worker_, recording, options_, options, events);
    if (live_) playback->use(std::make_unique<LiveUpstream>(live_, options, recording->init.era));
    return std::make_unique<ReplayLink>(std::move(playback),
                                        "tape=" + recording->init.tape_id.substr(0, 8));
}

sdk::awaitable<> ReplayConnector::stop() {
    recording_.reset();
    if (live_) co_await live_->stop();
}

std::string ReplayConnector::target() const {
    return "tape " + options_->tape + (live_ ? ", else " + live_->target() : "");
}

}  // namespace shadowcat::tape
