"""Every replacement of a library's function in the whole process, and its installation.

A patch names the fault it mends and checks, before it replaces a function, that the library still
has that function, with these parameters, and still calls it.
What concerns one server only is set on that server's own objects: see `sockets/hardening.py`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from types import CodeType
from typing import Any

from server.errors import ConfigurationError
from server.runtime import engineio_packets, eventlet_websocket
from server.runtime.loops import load


@dataclass(frozen=True)
class Patch:
    """Replacement of one function of a library, because of one fault."""

    fault: str
    library: str  # its name on PyPI
    module: str
    owner: str  # class in the module
    function: str
    used_by: str  # function in the module of the caller, which names the replaced one
    replace: Callable[[Callable[..., Any]], object]  # from the original, its replacement
    only_in: str | None = None  # async mode

    def install(self) -> None:
        """Replace the function. Raises ConfigurationError if the library has changed."""
        owner, replacement = self.prepare()
        setattr(owner, self.function, replacement)

    def prepare(self) -> tuple[type, object]:
        """Return the class to patch and the replacement, both checked."""
        try:
            owner = attrgetter(self.owner)(import_module(self.module))
            original = getattr(owner, self.function)
            replacement = self.replace(original)
        except (ImportError, AttributeError) as error:
            raise outdated(self.library, f"has no {self.name}") from error
        if _parameters(replacement) != _parameters(original):
            raise outdated(self.library, f"has other parameters in {self.name}")
        if self.function not in self._names_of_caller():
            raise outdated(self.library, f"does not call {self.name} in {self.used_by}")
        return owner, replacement

    @property
    def name(self) -> str:
        return f"{self.module}.{self.owner}.{self.function}"

    def _names_of_caller(self) -> set[str]:
        module, _, function = self.used_by.partition(":")
        try:
            caller = attrgetter(function)(import_module(module))
        except (ImportError, AttributeError) as error:
            raise outdated(self.library, f"has no {self.used_by}") from error
        return set(_names(caller.__code__))


PATCHES = (
    Patch(
        fault="Unmasking byte by byte holds the loop for seconds when 10 MB are uploaded.",
        library="eventlet",
        module="eventlet.websocket",
        owner="RFC6455WebSocket",
        function="_apply_mask",
        used_by="eventlet.websocket:RFC6455WebSocket._recv_frame",
        replace=eventlet_websocket.replace_apply_mask,
        only_in="eventlet",
    ),
    Patch(
        fault="A malformed packet leaves a WebSocket half open; text is parsed as JSON in vain.",
        library="python-engineio",
        module="engineio.packet",
        owner="Packet",
        function="decode",
        used_by="engineio.packet:Packet.__init__",
        replace=engineio_packets.replace_decode,
    ),
    Patch(
        fault="A WebSocket keeps the last message of its client until the next one comes.",
        library="python-engineio",
        module="engineio.socket",
        owner="Socket",
        function="receive",
        used_by="engineio.socket:Socket._websocket_handler",
        replace=engineio_packets.replace_receive,
    ),
    Patch(
        fault="A malformed payload is answered with 200, and one too long ends the session.",
        library="python-engineio",
        module="engineio.socket",
        owner="Socket",
        function="handle_post_request",
        used_by="engineio.server:Server.handle_request",
        replace=engineio_packets.replace_handle_post_request,
    ),
    Patch(
        fault="Closing a polling connection waits until the client has fetched every packet.",
        library="python-engineio",
        module="engineio.socket",
        owner="Socket",
        function="close",
        used_by="engineio.server:Server.disconnect",
        replace=engineio_packets.replace_close,
    ),
)


def install(async_mode: str) -> None:
    """Make the standard library green, unless the mode has native threads; install the patches.

    Raises ConfigurationError if a library differs from the pinned version.
    """
    load(async_mode).make_green()
    for patch in PATCHES:
        if patch.only_in in (None, async_mode):
            patch.install()


def leave_out(library: str) -> None:
    """Let a library count as not installed. To be called before others import it."""
    sys.modules.setdefault(library, None)  # type: ignore[arg-type]


def outdated(library: str, difference: str) -> ConfigurationError:
    """Return the error for a library that is not as the pinned version is."""
    from importlib.metadata import version

    return ConfigurationError(
        f"{library} {version(library)} {difference}. Install the version that is pinned in "
        "requirements.txt: pip install -r requirements.txt"
    )


def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(getattr(function, "__func__", function)).parameters)


def _names(code: CodeType) -> list[str]:
    nested = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return [*code.co_names, *(name for inner in nested for name in _names(inner))]
