"""The hardening of one Socket.IO server, without effect on any other."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import engineio.packet
import pytest
import socketio
import socketio.packet
import werkzeug.test
from engineio.async_drivers.threading import _async as driver

from server.errors import ConfigurationError
from server.limits.byte_budget import ByteBudget
from server.limits.refusal_log import RefusalLog
from server.runtime.engineio_packets import TooLong
from server.runtime.threaded_websocket import Receiver
from server.sockets.byte_limits import ByteLimits
from server.sockets.clients import Clients
from server.sockets.hardening import harden
from server.sockets.strict_packets import TOO_LONG, packet_class

POLLING, UNPOLLED_S = "/socket.io/?EIO=4&transport=polling", 0.05
STRAY = '51-/unknown,["save",{"_placeholder":true,"num":0}]'


def make_server(json_codec: Any = json) -> socketio.Server:
    return socketio.Server(
        async_mode="threading",
        serializer=packet_class(json_codec),
        monitor_clients=False,
    )


def harden_server(server: socketio.Server, binary_bytes: int = 1_000) -> Clients:
    limits = ByteLimits(binary_bytes, ByteBudget(10_000), ByteBudget(10_000))
    return harden(server, limits, RefusalLog())


def test_stray_attachment_raises_on_a_plain_server() -> None:
    with pytest.raises(ValueError, match="Unexpected binary packet"):
        make_server().eio.handlers["message"]("client", STRAY)


def test_stray_attachment_is_ignored_on_a_hardened_server() -> None:
    server = make_server()
    harden_server(server)
    server.eio.handlers["message"]("client", STRAY)


def test_servers_keep_their_own_drivers() -> None:
    plain, servers = dict(driver), (make_server(), make_server())
    for server in servers:
        harden_server(server)
    first, second = (server.eio._async for server in servers)
    assert first["websocket"] is not second["websocket"]
    assert first["queue"] is not second["queue"]
    assert driver == plain


def test_servers_keep_their_own_json() -> None:
    codecs, plain = (object(), object()), (socketio.packet.Packet.json, engineio.packet.Packet.json)
    servers = [make_server(json_codec=codec) for codec in codecs]
    assert [server.packet_class.json for server in servers] == list(codecs)
    assert (socketio.packet.Packet.json, engineio.packet.Packet.json) == plain


@pytest.mark.parametrize("name", ["handlers", "_async"])
def test_harden_refuses_renamed_attributes(name: str) -> None:
    server = make_server()
    delattr(server.eio, name)
    with pytest.raises(ConfigurationError, match=r"^python-\w+ [\d.]+ .*\. Install the version"):
        harden_server(server)


@pytest.mark.parametrize(
    "packet", ['27["save",{"name":"' + "n" * 99, "27", '27["save",{}]'], ids=len
)
def test_packet_cut_off_keeps_its_id(packet: str) -> None:
    strict = packet_class(json)(encoded_packet=TooLong(packet))
    assert (strict.id, strict.data) == (7, [TOO_LONG])


def test_attachment_cut_off_completes_its_packet() -> None:
    strict = packet_class(json)(encoded_packet='51-7["save",{"_placeholder":true,"num":0}]')
    assert strict.add_attachment(TooLong(""))
    assert (strict.id, strict.data) == (7, [TOO_LONG])


@pytest.mark.parametrize("polls", [True, False])
def test_session_that_polls_no_more_ends(polls: bool) -> None:
    server = make_server()
    limits = ByteLimits(1_000, ByteBudget(10_000), ByteBudget(10_000), unpolled_s=UNPOLLED_S)
    clients = harden(server, limits, RefusalLog())
    http = werkzeug.test.Client(socketio.WSGIApp(server))
    address = f"{POLLING}&sid=" + http.get(POLLING).text.split('"')[3]
    http.post(address, data="40")  # its answer waits
    if polls:
        http.get(address)
    time.sleep(2 * UNPOLLED_S)
    clients.cut_off_late()
    assert http.post(address, data="3").status_code == (200 if polls else 400)


class Connection:
    """A connection whose end was noted just after its reader had gone back to wait."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.ws = self
        self.events = iter

    def receive(self) -> None:
        self.event.set()
        self.event.clear()


@pytest.mark.parametrize("receiver", [False, True])
def test_receiver_wakes_the_waiting_at_its_end(receiver: bool) -> None:
    connection = Connection()
    meter, idle = FakeMeter(), threading.Event()
    thread = (
        Receiver(meter, idle, target=connection.receive)
        if receiver
        else threading.Thread(target=connection.receive)
    )
    thread.start()
    thread.join()
    assert connection.event.is_set() == receiver


class FakeMeter:
    """A meter that refuses nothing."""

    def receive(self, count: int, text: bool) -> str:  # noqa: ARG002
        return ""

    def refuse_length(self) -> None: ...

    def take(self) -> None: ...

    def close(self) -> None: ...
