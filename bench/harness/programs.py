# SPDX-License-Identifier: Apache-2.0
"""Where programs are: Debian's, npm's, and our own, which are built first."""
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import Missing, Unable

ROOT = Path(__file__).resolve().parents[2]
SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TARGETS = ("quickstart", "bench-stdio-server", "bench-http-server", "bench-load")
NPM_SECONDS = 600


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def system(name):
    """A program of the system."""
    found = shutil.which(name) or shutil.which(name, path=SEARCH)
    if not found:
        raise Missing(f"{name} is not installed")
    return found


@dataclass(frozen=True)
class Programs:
    build_dir: Path
    peers_dir: Path

    def own(self, name):
        """One of ours. Where the build puts programs is the build's business: bin/ or bench/."""
        for folder in ("bin", "bench", "."):
            path = self.build_dir / folder / name
            if path.is_file():
                return path
        raise Unable(f"{name} is not in {self.build_dir}: build it, or leave out --no-build")

    def npm(self, name):
        """[node, script] of a peer from npm."""
        script = self.peers_dir / "node_modules" / ".bin" / name
        if not script.exists():
            raise Missing(f"{name} could not be installed from npm")
        return [system("node"), str(script.resolve())]


def _run(argv, what, **options):
    done = subprocess.run(list(map(str, argv)), stdin=subprocess.DEVNULL, stdout=sys.stderr, **options)
    if done.returncode != 0:
        raise Unable(f"{what} failed: {' '.join(map(str, argv))}")


def build(build_dir):
    """Everything that is measured, in the release preset's folder or in another that is configured."""
    say(f"building in {build_dir} (the first time takes some minutes)")
    if not (build_dir / "CMakeCache.txt").exists():
        if build_dir != ROOT / "build/release":
            raise Unable(f"{build_dir} is no configured build directory")
        _run(["cmake", "--preset", "release", "--log-level=WARNING"], "configuring", cwd=ROOT)
    _run(["cmake", "--build", build_dir, "--target", *TARGETS], "the build")


def install_peers(peers_dir):
    """npm ci of what bench/peers/package-lock.json says; peers that can't be had are missing later."""
    lock = (ROOT / "bench/peers/package-lock.json").read_bytes()
    stamp = peers_dir / "installed.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    try:
        npm = system("npm")
    except Missing as error:
        return say(f"{error}: its peers are left out")
    say("installing mcp-proxy and supergateway from npm")
    peers_dir.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "bench/peers" / name, peers_dir)
    argv = [npm, "ci", "--ignore-scripts", "--loglevel=error"]
    try:
        _run(argv, "npm", cwd=peers_dir, timeout=NPM_SECONDS)
        stamp.write_bytes(lock)
    except (Unable, subprocess.TimeoutExpired) as error:
        say(f"{error}: peers from npm are left out")
