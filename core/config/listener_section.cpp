// SPDX-License-Identifier: Apache-2.0
// Reads what the listener needs and checks what its schema can't say.
#include "core/config/listener_section.hpp"

#include "shadowcat/sdk/listener.hpp"

#include "core/config/bind_address.hpp"
#include "core/config/config_schema.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace shadowcat::core {

namespace {

constexpr const char* kSection = "reverse_proxy";

class ListenerReader {
public:
    ListenerReader(SectionReader& reader, const Part& part, const Json& proxy, bool files_needed)
        : reader_(reader), part_(part), proxy_(proxy), files_needed_(files_needed) {}

    ListenerSection read() {
        ListenerSection out;
        out.part = PartConfig(part_.name, options());
        if (has("bind_address")) out.loopback = check_bind_address();
        if (has("path")) check_path(proxy_, kSection, "path", "/mcp");
        if (has("sse")) check_sse();
        check_tls();
        return out;
    }

private:
    bool has(std::string_view key) const { return part_.schema.find(key) != nullptr; }

    Json options() const {
        Json options = Json::object();
        for (const sdk::ConfigField& field : part_.schema.fields()) {
            const std::string section(listener_section(field.name()));
            const Json& holder =
                section.empty() ? proxy_ : proxy_.value(section, Json(Json::object()));
            if (holder.contains(field.name())) options[field.name()] = holder.at(field.name());
        }
        return options;
    }

    // Gives whether the address is a loopback address.
    bool check_bind_address() {
        const std::string text = proxy_.value("bind_address", "");
        const auto address = parse_bind_address(text);
        if (!address) {
            reader_.fail(sdk::child_path(kSection, "bind_address"),
                         "expected ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, found " +
                             Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
        }
        return address && address->is_loopback();
    }

    void check_path(const Json& section, const std::string& at, const char* key,
                    const std::string& example) {
        const std::string text = section.value(key, "/");
        if (text.starts_with('/') && text.find_first_of(" ?#") == std::string::npos) return;
        reader_.fail(sdk::child_path(at, key),
                     "expected a path that begins with '/', such as " + example + ", found " +
                         Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
    }

    void check_sse() {
        const Json sse = proxy_.value("sse", Json::object());
        if (!sse.value("enabled", false)) return;
        const std::string at = sdk::child_path(kSection, "sse");
        check_path(sse, at, "path", "/sse");
        check_path(sse, at, "message_path", "/messages");
        const std::string stream = sse.value("path", ""), messages = sse.value("message_path", "");
        check_apart(stream, {proxy_.value("path", "")}, sdk::child_path(at, "path"));
        check_apart(messages, {proxy_.value("path", ""), stream},
                    sdk::child_path(at, "message_path"));
    }

    void check_apart(const std::string& path, const std::vector<std::string>& others,
                     const std::string& key) {
        if (path.empty() || std::ranges::find(others, path) == others.end()) return;
        reader_.fail(key, "another endpoint has the path " + path + " already");
    }

    void check_tls() {
        const Json tls = proxy_.value("tls", Json::object());
        if (!tls.value("enabled", false)) return;
        const std::string path = sdk::child_path(kSection, "tls");
        if (!has("tls")) {
            reader_.fail(sdk::child_path(path, "enabled"),
                         "the listener '" + part_.name + "' can't serve HTTPS");
            return;
        }
        for (const char* key : {"cert_path", "key_path"}) {
            check_readable(tls.value(key, ""), sdk::child_path(path, key));
        }
        const std::string authorities = tls.value("client_ca_path", "");
        const std::string auth = tls.value("client_auth", "none");
        const std::string where = sdk::child_path(path, "client_ca_path");
        if (authorities.empty() && (auth == "optional" || auth == "required")) {
            reader_.fail(where, "missing: client_auth is " + auth + " and needs it");
        } else if (!authorities.empty()) {
            check_readable(authorities, where);
        }
    }

    void check_readable(const std::string& file, const std::string& path) {
        if (file.empty()) {
            reader_.fail(path, "missing: TLS is enabled and needs it");
        } else if (files_needed_ && access(file.c_str(), R_OK) != 0) {
            reader_.fail(path, file + " can't be read: " + std::strerror(errno));
        }
    }

    SectionReader& reader_;
    const Part& part_;
    const Json& proxy_;
    const bool files_needed_;
};

}  // namespace

std::optional<PartConfig> read_admin(SectionReader& reader, const PluginRegistry& registry,
                                     const std::string& bind_address) {
    const std::string path = "admin.bind_address";
    const Part* part = registry.find<sdk::Listener>("http");
    if (part == nullptr) {
        reader.fail(path, registry.unknown_part(sdk::Listener::kKind, "http").message());
        return std::nullopt;
    }
    if (!parse_bind_address(bind_address)) {
        reader.fail(path,
                    "expected ADDRESS:PORT such as 127.0.0.1:9090, found " +
                        Json(bind_address).dump(-1, ' ', false, Json::error_handler_t::replace));
        return std::nullopt;
    }
    Json options = Json::object();
    options["bind_address"] = bind_address;
    options["path"] = "";  // no MCP here
    return PartConfig(part->name, reader.validated(part->schema, "admin", std::move(options)));
}

ListenerSection read_listener(SectionReader& reader, const PluginRegistry& registry,
                              const ConfigRequest& request, const Json& proxy) {
    const std::string name = listener_of(request.mode);
    const Part* part = registry.find<sdk::Listener>(name);
    if (part != nullptr) return ListenerReader(reader, *part, proxy, request.files_needed).read();
    reader.fail(kSection, registry.unknown_part(sdk::Listener::kKind, name).message());
    return {};
}

}  // namespace shadowcat::core
