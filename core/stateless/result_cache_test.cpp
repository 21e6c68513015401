// SPDX-License-Identifier: Apache-2.0
#include "core/stateless/result_cache.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace shadowcat::core;
namespace sdk = shadowcat::sdk;
using std::chrono::milliseconds;

namespace {

sdk::Message parsed_message(const std::string& text) { return sdk::Message::parse(text).value(); }

sdk::Message cached_request(std::string_view method, std::string_view params = "{}") {
    return parsed_message(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                          R"(","params":)" + std::string(params) + "}");
}

std::string cached_result(std::string_view members) {
    return R"({"resultType":"complete","tools":[9007199254740993],)" + std::string(members) + "}";
}

/// A cache and a clock that the test moves.
class Scene {
public:
    explicit Scene(bool enabled = true, std::size_t max_bytes = 100'000)
        : cache(settings(enabled, max_bytes)) {}

    static CacheSettings settings(bool enabled, std::size_t max_bytes) {
        CacheSettings how;
        how.enabled = enabled;
        how.max_bytes = max_bytes;
        how.max_ttl = std::chrono::seconds(100);
        return how;
    }
    void answer(const sdk::Message& to, std::string_view principal, const std::string& with) {
        cache.keep(cache.key_of(to, principal),
                   parsed_message(R"({"jsonrpc":"2.0","id":1,"result":)" + with + "}"), now);
    }
    std::string find(const sdk::Message& asked, std::string_view principal) {
        const auto found = cache.find(cache.key_of(asked, principal), "\"x\"", now);
        return found ? found->bytes() : std::string();
    }

    ResultCache cache;
    sdk::TimePoint now = sdk::Clock::now();
};

const sdk::Message kList = cached_request("tools/list");
const std::string kPublic = cached_result(R"("ttlMs":5000,"cacheScope":"public")");
const std::string kPrivate = cached_result(R"("ttlMs":5000,"cacheScope":"private")");

}  // namespace

TEST_CASE("a public result serves everybody, its time less its age") {
    Scene scene;
    scene.answer(kList, "ann", kPublic);
    scene.now += milliseconds(1500);
    CHECK(scene.find(kList, "bob") == R"({"jsonrpc":"2.0","id":"x","result":)" +
                                          cached_result(R"("ttlMs":3500,"cacheScope":"public")") +
                                          "}");
    scene.now += milliseconds(3500);
    CHECK(scene.find(kList, "bob").empty());
}

TEST_CASE("a private result serves its principal alone, and nobody without one") {
    Scene scene;
    scene.answer(kList, "ann", kPrivate);
    CHECK_FALSE(scene.find(kList, "ann").empty());
    CHECK(scene.find(kList, "bob").empty());
    CHECK(scene.find(kList, "").empty());
    Scene nobodys;
    nobodys.answer(kList, "", kPrivate);
    CHECK(nobodys.find(kList, "").empty());
}

TEST_CASE("what doesn't say how long it is good is not kept") {
    for (const char* members :
         {R"("cacheScope":"public")", R"("ttlMs":0,"cacheScope":"public")",
          R"("ttlMs":-5,"cacheScope":"public")", R"("ttlMs":"5000","cacheScope":"public")"}) {
        Scene scene;
        scene.answer(kList, "ann", cached_result(members));
        CHECK(scene.find(kList, "ann").empty());
    }
    Scene scene;
    scene.answer(kList, "ann",
                 R"({"resultType":"input_required","ttlMs":5000,"cacheScope":"public"})");
    CHECK(scene.find(kList, "ann").empty());
}

TEST_CASE("a result without a scope counts as private, and no server overrides the bound") {
    Scene scene;
    scene.answer(kList, "ann", cached_result(R"("ttlMs":99999999)"));
    CHECK(scene.find(kList, "bob").empty());
    scene.now += std::chrono::seconds(99);
    CHECK_FALSE(scene.find(kList, "ann").empty());
    scene.now += std::chrono::seconds(2);
    CHECK(scene.find(kList, "ann").empty());
}

TEST_CASE("parameters and capabilities are part of the key, other metadata is not") {
    Scene scene;
    scene.answer(cached_request("tools/list", R"({"cursor":"1","_meta":{"progressToken":1}})"), "a",
                 kPublic);
    CHECK_FALSE(scene.find(cached_request("tools/list", R"({"cursor":"1"})"), "a").empty());
    CHECK(scene.find(cached_request("tools/list", R"({"cursor":"2"})"), "a").empty());
    CHECK(scene.find(kList, "a").empty());
    const auto capable = cached_request(
        "tools/list",
        R"({"cursor":"1","_meta":{"io.modelcontextprotocol/clientCapabilities":{"x":{}}}})");
    CHECK(scene.find(capable, "a").empty());
}

TEST_CASE("calls and retries with input are never kept") {
    Scene scene;
    CHECK(scene.cache.key_of(cached_request("tools/call"), "a").empty());
    CHECK(scene.cache
              .key_of(cached_request("resources/read", R"({"uri":"u","requestState":"s"})"), "a")
              .empty());
    CHECK(scene.cache
              .key_of(cached_request("resources/read", R"({"uri":"u","inputResponses":{}})"), "a")
              .empty());
    CHECK_FALSE(
        scene.cache.key_of(cached_request("resources/read", R"({"uri":"u"})"), "a").empty());
}

TEST_CASE("a change makes stale what it concerns") {
    Scene scene;
    scene.answer(kList, "a", kPublic);
    scene.answer(cached_request("prompts/list"), "a", kPublic);
    scene.cache.changed(
        parsed_message(R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})"));
    CHECK(scene.find(kList, "a").empty());
    CHECK_FALSE(scene.find(cached_request("prompts/list"), "a").empty());
}

TEST_CASE("the oldest make room") {
    Scene scene(true, 500);
    for (int i = 0; i < 10; ++i) {
        scene.answer(cached_request("tools/list", R"({"cursor":")" + std::to_string(i) + R"("})"),
                     "a", kPublic);
        CHECK(scene.cache.bytes() <= 500);
    }
    CHECK(scene.find(cached_request("tools/list", R"({"cursor":"0"})"), "a").empty());
    CHECK_FALSE(scene.find(cached_request("tools/list", R"({"cursor":"9"})"), "a").empty());
}

TEST_CASE("unless it is enabled nothing is kept") {
    Scene scene(false);
    CHECK(scene.cache.key_of(kList, "a").empty());
    scene.cache.apply(Scene::settings(true, 1000));
    scene.answer(kList, "a", kPublic);
    CHECK_FALSE(scene.find(kList, "a").empty());
    scene.cache.apply(Scene::settings(false, 1000));
    CHECK(scene.cache.bytes() == 0);
}
