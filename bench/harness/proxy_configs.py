# SPDX-License-Identifier: Apache-2.0
"""The configurations of nginx, haproxy and Shadowcat. Why they are fair: bench/README.md."""
import json
import os

NGINX = """daemon off;
{user}worker_processes {workers};
worker_rlimit_nofile 16384;
pid {folder}/nginx-{port}.pid;
error_log stderr error;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/nginx-{port}-body;
  proxy_temp_path {folder}/nginx-{port}-proxy;
  fastcgi_temp_path {folder}/nginx-{port}-f;
  uwsgi_temp_path {folder}/nginx-{port}-u;
  scgi_temp_path {folder}/nginx-{port}-s;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  client_max_body_size 16m;
  client_body_buffer_size 2m;
  upstream mcp {{
    server 127.0.0.1:{upstream};
    keepalive 512;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }}
  server {{
    listen 127.0.0.1:{port}{listen};
    {tls}
    location / {{
      proxy_pass http://mcp;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering {buffering};
      proxy_max_temp_file_size 0;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""

HAPROXY = """global
  nbthread {workers}
  maxconn 4096
defaults
  mode http
  no log
  option http-keep-alive
  http-reuse always
  timeout connect 5s
  timeout client 300s
  timeout server 300s
frontend clients
  bind 127.0.0.1:{port}{tls}
  default_backend mcp
backend mcp
  server mcp 127.0.0.1:{upstream}
"""

SHADOWCAT = """reverse_proxy:
  bind_address: 127.0.0.1:{port}
  upstreams:
    - name: mcp
{upstream}
  session: {{ max_sessions: 100000, anonymous: shared }}
{tls}workers: {workers}
logging: {{ level: {level} }}
metrics: [ {{ sink: prometheus }} ]
{interceptors}"""

RULES = """rules:
  - name: nobody calls this
    match: { method: tools/call, tool: nobody }
    do: [ { drop: {} } ]
"""


def nginx(arm, workload, port, upstream, folder, certificate):
    return NGINX.format(
        user="user root;\n" if os.geteuid() == 0 else "", workers=arm.workers, folder=folder, port=port,
        upstream=upstream, listen=(" ssl" if arm.tls else "") + (" reuseport" if arm.workers > 1 else ""),
        tls=f"ssl_certificate {certificate};\n    ssl_certificate_key {certificate};" if arm.tls else "",
        buffering="off" if workload.answer == "sse" else "on")


def haproxy(arm, port, upstream, certificate):
    return HAPROXY.format(workers=arm.workers, port=port, upstream=upstream,
                          tls=f" ssl crt {certificate}" if arm.tls else "")


def interceptors(arm, folder):
    """As YAML, which JSON is."""
    chosen = {
        "recording": [{"type": "tape", "path": str(folder / "tapes")}],
        "interceptors": [{"type": "rules", "file": str(folder / "rules.yaml")},
                         {"type": "watch", "output": "none"}, {"type": "message_log"}],
        "logging": [{"type": "message_log"}],
    }.get(arm.extra)
    loaded = ["transport-stdio", "transport-http", "pool", "metrics", "message-log", "tape",
              "intercept", "watch"]
    return f"plugins: {json.dumps({'load': loaded})}\ninterceptors: {json.dumps(chosen)}\n" if chosen else ""


def shadowcat(arm, port, upstream, folder, certificate):
    """`upstream`: the keys of one upstream, as a mapping."""
    if arm.extra == "shared":
        upstream = upstream | {"isolation": "shared"}
    upstream = upstream | {"pool": {"max": 100000}}
    keys = "\n".join(f"      {key}: {json.dumps(value)}" for key, value in upstream.items())
    tls = json.dumps({"enabled": True, "cert_path": str(certificate), "key_path": str(certificate)})
    return SHADOWCAT.format(
        port=port, upstream=keys, workers=arm.workers, level="info" if arm.extra == "logging" else "warn",
        tls=f"  tls: {tls}\n" if arm.tls else "", interceptors=interceptors(arm, folder))
