# SPDX-License-Identifier: Apache-2.0
"""How each peer is started. A new peer is a function here, an arm in arm.py and its place in scenarios.py."""
import re
import subprocess
from dataclasses import dataclass

from . import procfs, proxy_configs
from .arm import Running
from .errors import Unable
from .processes import Stage, free_port
from .programs import Programs, system
from .workload import Workload


@dataclass
class Site:
    """What the arms of a scenario share."""

    stage: Stage
    programs: Programs
    workload: Workload
    certificate: object = None
    server_url: str = ""  # the MCP server over HTTP
    server_command: tuple = ()  # the MCP server over stdio

    @property
    def server_port(self):
        return int(self.server_url.split(":")[2].split("/")[0])

    def start_server(self):
        """HTTP servers run beside the proxies; stdio servers are started by them."""
        self.server_command = (str(self.programs.own("bench-stdio-server")),)
        process = self.stage.spawn("server", [self.programs.own("bench-http-server")],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = process.stdout.readline().decode()
        found = re.search(r"http://\S+", line)
        if not found:
            raise Unable(f"bench-http-server does not start: {line.strip()}")
        self.server_url = found[0]

    def make_certificate(self):
        self.certificate = self.stage.folder / "certificate.pem"
        argv = [system("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=127.0.0.1", "-keyout", str(self.certificate), "-out", f"{self.certificate}.crt"]
        subprocess.run(argv, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        with open(self.certificate, "a") as both:
            both.write(open(f"{self.certificate}.crt").read())


def command_of(arm, site, port):
    """What starts the arm, so that it listens at `port`."""
    return COMMANDS[arm.peer](arm, site, port)


def _file(site, arm, port, text, ending):
    path = site.stage.folder / f"{arm.peer}-{port}{ending}"
    path.write_text(text)
    return path


def _nginx(arm, site, port):
    program = system("nginx")
    text = proxy_configs.nginx(arm, site.workload, port, site.server_port, site.stage.folder, site.certificate)
    return [program, "-e", "stderr", "-p", site.stage.folder, "-c", _file(site, arm, port, text, ".conf")]


def _haproxy(arm, site, port):
    program = system("haproxy")
    text = proxy_configs.haproxy(arm, port, site.server_port, site.certificate)
    return [program, "-db", "-q", "-f", _file(site, arm, port, text, ".cfg")]


def _shadowcat(arm, site, port):
    (site.stage.folder / "rules.yaml").write_text(proxy_configs.RULES)
    stdio = {"transport": "stdio", "command": list(site.server_command)}
    http = {"transport": "http", "url": site.server_url}
    upstream = stdio if site.workload.transport == "stdio" else http
    text = proxy_configs.shadowcat(arm, port, upstream, site.stage.folder, site.certificate)
    return [site.programs.own("shadowcat"), "reverse", "--config", _file(site, arm, port, text, ".yaml")]


def _mcp_proxy(_arm, site, port):
    era = ["--upstreamProtocol", "auto"] if site.workload.era == "modern" else []
    return [*site.programs.npm("mcp-proxy"), "--host", "127.0.0.1", "--port", str(port), "--server", "stream",
            *era, "--", *site.server_command]


def _supergateway(_arm, site, port):
    return [*site.programs.npm("supergateway"), "--stdio", " ".join(site.server_command), "--outputTransport",
            "streamableHttp", "--stateful", "--port", str(port), "--logLevel", "none"]


COMMANDS = {"nginx": _nginx, "haproxy": _haproxy, "shadowcat": _shadowcat, "mcp-proxy": _mcp_proxy,
            "supergateway": _supergateway}


def working_pid(process, arm):
    """nginx works in a child of the process that was started."""
    if arm.peer != "nginx":
        return process.pid
    below = [pid for pid in procfs.descendants(process.pid, procfs.all_stats()) if pid != process.pid]
    return below[0] if below else process.pid


def url_of(arm, port):
    return f"{'https' if arm.tls else 'http'}://127.0.0.1:{port}/mcp"


def start(arm, site):
    """Raises Missing where the program isn't there, Wrong where it doesn't start."""
    if arm.peer == "pipe":
        return Running(argv=site.server_command)
    if arm.peer == "direct":
        return Running(url=site.server_url)
    port = free_port()
    process = site.stage.spawn(arm.name.replace("/", "-"), command_of(arm, site, port))
    site.stage.wait_for_port(arm.name.replace("/", "-"), process, port)
    return Running(url=url_of(arm, port), process=process, pid=working_pid(process, arm))
