"""Machines on one switch: network namespaces of Linux, connected by veth pairs and a bridge.

Made by root with iproute2 and nftables. Kernels of virtual machines often lack `tc netem`, which
would delay and lose packets. So a slow link is a token bucket at both ends (tc-tbf(8)), where a
packet waits for those before it, and a lossy one a rule of the switch that drops packets at random
(nft(8)). ip-netns(8), setns(2).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

NAMESPACES = Path("/run/netns")
NEW_NETWORK = 0x40000000  # CLONE_NEWNET, for setns(2)
SUBNET = "10.0.0"  # of every network: each has its own
RATE, BURST, QUEUED_FOR = "256kbit", "4kb", "1s"
LOST_PERCENT = 10
RIGHTS = (
    "This test makes network namespaces, which takes root with CAP_SYS_ADMIN and CAP_NET_ADMIN "
    "(`docker run --privileged`) and a kernel with veth, bridges, sch_tbf and nftables."
)
TABLE = """
table bridge digits {
  chain lossy {
    type filter hook forward priority 0; policy accept;
  }
}
"""


class Machine:
    """A network namespace with one link to the switch."""

    def __init__(self, name: str, address: str, switch: str) -> None:
        self.name = name
        self.address = address
        self.namespace = f"{switch}-{name}"
        self._switch = switch

    def connect(self) -> None:
        """Make the namespace, and lay the cable to the switch."""
        make_namespace(self.namespace)
        port = ["link", "add", self.name, "netns", self._switch, "type", "veth"]
        ip(*port, "peer", "name", "eth0", "netns", self.namespace)
        ip("-n", self.namespace, "address", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", self.namespace, "link", "set", "eth0", "up")
        ip("-n", self._switch, "link", "set", self.name, "master", "switch", "up")

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread, and the threads and processes that it starts, use its network."""
        with Path("/proc/thread-self/ns/net").open() as former:
            with (NAMESPACES / self.namespace).open() as own:
                enter(own.fileno())
            try:
                yield
            finally:
                enter(former.fileno())

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Let nothing through, without a word to either end."""
        ip("-n", self._switch, "link", "set", self.name, "down")
        yield
        ip("-n", self._switch, "link", "set", self.name, "up")

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Let little through, to the machine and from it."""
        limits = ["rate", RATE, "burst", BURST, "latency", QUEUED_FOR]
        ends = [(self._switch, self.name), (self.namespace, "eth0")]
        for namespace, device in ends:
            run("tc", "-n", namespace, "qdisc", "add", "dev", device, "root", "tbf", *limits)
        yield
        for namespace, device in ends:
            run("tc", "-n", namespace, "qdisc", "del", "dev", device, "root")

    @contextmanager
    def lossy(self) -> Iterator[None]:
        """Lose some packets, to the machine and from it."""
        lose = f"numgen random mod 100 < {LOST_PERCENT} drop"
        ends = [f'{end} "{self.name}" {lose}' for end in ("iifname", "oifname")]
        nft(self._switch, "\n".join(f"add rule bridge digits lossy {each}" for each in ends))
        yield
        nft(self._switch, "flush chain bridge digits lossy")


class Network:
    """Machines on one switch; its names are unique, and its addresses its own."""

    def __init__(self, names: Sequence[str]) -> None:
        self._switch = f"digits-{uuid4().hex[:8]}"
        self.machines = [
            Machine(name, f"{SUBNET}.{number}", self._switch)
            for number, name in enumerate(names, start=1)
        ]
        try:
            self._make_switch()
            for each in self.machines:
                each.connect()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove everything, and end what still runs on a machine."""
        for each in (self._switch, *(machine.namespace for machine in self.machines)):
            with suppress(AssertionError):  # it was not made
                for process in ip("netns", "pids", each).split():
                    os.kill(int(process), signal.SIGKILL)
                ip("netns", "delete", each)

    def _make_switch(self) -> None:
        make_namespace(self._switch)
        ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
        ip("-n", self._switch, "link", "set", "switch", "up")
        nft(self._switch, TABLE)


def make_namespace(name: str) -> None:
    ip("netns", "add", name)
    ip("-n", name, "link", "set", "lo", "up")


def enter(descriptor: int) -> None:
    """Move this thread to a network namespace: os.setns of Python 3.12."""
    library = ctypes.CDLL(None, use_errno=True)
    assert library.setns(descriptor, NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())


def ip(*arguments: str) -> str:
    return run("ip", *arguments)


def nft(namespace: str, rules: str) -> str:
    return run("ip", "netns", "exec", namespace, "nft", "-f", "-", given=rules)


def run(*command: str, given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr.strip()}\n{RIGHTS}"
    return done.stdout
