"""The fault of each patched library function, and its repair."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import engineio
import pytest
from engineio.packet import MESSAGE, NOOP, Packet
from engineio.socket import Socket

from server.errors import ConfigurationError
from server.runtime.eventlet_websocket import unmask
from server.runtime.library_patches import PATCHES, Patch
from server.runtime.quiet_eventlet import import_eventlet
from tests.engine_io import FakeWebSocket, open_session, post

LIMIT_BYTES = 1_000
BY_NAME = {patch.function: patch for patch in PATCHES}
Install = Callable[[str], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a patch until the test ends."""

    def install_patch(function: str) -> None:
        owner, replacement = BY_NAME[function].prepare()
        monkeypatch.setattr(owner, function, replacement)

    return install_patch


@pytest.fixture
def engine() -> engineio.Server:
    return engineio.Server(
        async_mode="threading", max_http_buffer_size=LIMIT_BYTES, monitor_clients=False
    )


@pytest.fixture(autouse=True)
def library() -> Any:
    return import_eventlet()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.function)
def test_patch_refuses_a_renamed_function(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _ = patch.prepare()
    monkeypatch.delattr(owner, patch.function)
    with pytest.raises(ConfigurationError, match=rf"^{patch.library} [\d.]+ has no .*\. Install"):
        patch.install()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.function)
def test_patch_refuses_other_parameters(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _ = patch.prepare()
    monkeypatch.setattr(owner, patch.function, lambda: None)
    with pytest.raises(ConfigurationError, match="has other parameters in"):
        patch.install()


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.function)
def test_patch_refuses_an_unused_function(patch: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patch, "_names_of_caller", lambda _: {"another_function"})
    with pytest.raises(ConfigurationError, match="does not call"):
        patch.install()


# _apply_mask


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 950, 65_537])
@pytest.mark.parametrize("offset", [0, 1, 6])
def test_unmask_returns_the_same_as_eventlet(library: Any, length: int, offset: int) -> None:
    data, mask = os.urandom(length), tuple(os.urandom(4))
    expected = library.websocket.RFC6455WebSocket._apply_mask(data, mask, length, offset)
    assert unmask(data, mask, length=length, offset=offset) == expected


def test_apply_mask_holds_the_loop_without_its_patch(library: Any, install: Install) -> None:
    def seconds() -> float:
        start = time.perf_counter()
        library.websocket.RFC6455WebSocket._apply_mask(bytes(1_000_000), (1, 2, 3, 4))
        return time.perf_counter() - start

    slow = seconds()
    install("_apply_mask")
    assert min(seconds() for _ in range(5)) < slow / 10


# decode


def test_malformed_packet_leaves_the_socket_open_without_its_patch(engine: engineio.Server) -> None:
    socket = Socket(engine, "sid")
    with pytest.raises(ValueError, match="invalid literal"):
        socket._websocket_handler(FakeWebSocket(["x"]))
    assert not socket.closed


def test_malformed_packet_is_ignored_with_its_patch(
    engine: engineio.Server, install: Install
) -> None:
    install("decode")
    received: list[Any] = []
    engine.on("message", lambda _, message: received.append(message))
    socket = Socket(engine, "sid")
    socket._websocket_handler(FakeWebSocket(["x", "4well-formed"]))
    assert received == ["well-formed"]
    assert socket.closed


def test_decode_parses_json_without_its_patch() -> None:
    assert Packet(encoded_packet="4[1]").data == [1]


def test_decode_leaves_text_with_its_patch(install: Install) -> None:
    install("decode")
    assert Packet(encoded_packet="4[1]").data == "[1]"


@pytest.mark.parametrize("packet", ["", "x", "²", "bAAAAA"])
def test_decode_turns_malformed_packets_into_noops(packet: str, install: Install) -> None:
    install("decode")
    assert Packet(encoded_packet=packet).packet_type == NOOP


# receive


def test_receive_keeps_the_content_without_its_patch(engine: engineio.Server) -> None:
    packet = Packet(MESSAGE, "content")
    Socket(engine, "sid").receive(packet)
    assert packet.data == "content"


def test_receive_drops_the_content_with_its_patch(
    engine: engineio.Server, install: Install
) -> None:
    install("receive")
    packet = Packet(MESSAGE, "content")
    Socket(engine, "sid").receive(packet)
    assert packet.data is None


# handle_post_request


def test_malformed_payload_is_accepted_without_its_patch(engine: engineio.Server) -> None:
    assert post(engine, open_session(engine), b"x") == "200 OK"


def test_malformed_payload_is_refused_with_its_patch(
    engine: engineio.Server, install: Install
) -> None:
    install("handle_post_request")
    install("close")
    assert post(engine, open_session(engine), b"x") == "400 BAD REQUEST"


def test_long_payload_ends_the_session_without_its_patch(
    engine: engineio.Server, install: Install
) -> None:
    install("close")
    session = open_session(engine)
    assert post(engine, session, b"4" + bytes(LIMIT_BYTES)) == "400 BAD REQUEST"
    assert session not in engine.sockets


def test_long_payload_leaves_the_session_with_its_patch(
    engine: engineio.Server, install: Install
) -> None:
    install("handle_post_request")
    session = open_session(engine)
    assert post(engine, session, b"4" + bytes(LIMIT_BYTES)) == "200 OK"
    assert post(engine, session, b"4more") == "200 OK"


# close


def test_disconnect_waits_for_the_client_without_its_patch(
    engine: engineio.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waits_for_client(engine, monkeypatch)


def test_disconnect_waits_for_nobody_with_its_patch(
    engine: engineio.Server, monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    install("close")
    assert not waits_for_client(engine, monkeypatch)


def waits_for_client(engine: engineio.Server, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a disconnection waits until the client has fetched what is left for it."""
    session, waited = open_session(engine), []
    monkeypatch.setattr(engine.sockets[session].queue, "join", lambda: waited.append(True))
    engine.disconnect(session)
    return bool(waited)
