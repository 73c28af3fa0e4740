"""The hardening of one Socket.IO server, without effect on any other."""

from __future__ import annotations

import json
import threading
from typing import Any

import engineio.packet
import pytest
import socketio
import socketio.packet
from engineio.async_drivers.threading import _async as driver

from server.errors import ConfigurationError
from server.runtime.engineio_packets import TooLong
from server.sockets.hardening import Receiver, harden
from server.sockets.strict_packets import TOO_LONG, packet_class

STRAY = '51-/unknown,["save",{"_placeholder":true,"num":0}]'


def make_server(limit_bytes: int = 1_000, json_codec: Any = json) -> socketio.Server:
    return socketio.Server(
        async_mode="threading",
        max_http_buffer_size=limit_bytes,
        serializer=packet_class(json_codec),
        monitor_clients=False,
    )


def test_stray_attachment_raises_on_a_plain_server() -> None:
    with pytest.raises(ValueError, match="Unexpected binary packet"):
        make_server().eio.handlers["message"]("client", STRAY)


def test_stray_attachment_is_ignored_on_a_hardened_server() -> None:
    server = make_server()
    harden(server)
    server.eio.handlers["message"]("client", STRAY)


def test_servers_keep_their_own_message_limits() -> None:
    limits, plain = (1_000, 2_000), driver["websocket"]
    servers = [make_server(limit) for limit in limits]
    for server in servers:
        harden(server)
    bounded = [server.eio._async["websocket"].keywords["max_message_size"] for server in servers]
    assert bounded == list(limits)
    assert driver["websocket"] is plain


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
        harden(server)


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


@pytest.mark.parametrize(("thread", "woken"), [(threading.Thread, False), (Receiver, True)])
def test_receiver_wakes_the_waiting_at_its_end(thread: type[threading.Thread], woken: bool) -> None:
    class Connection:
        """A connection whose end was noted just after its reader had gone back to wait."""

        event = threading.Event()

        def receive(self) -> None:
            self.event.set()
            self.event.clear()

    connection = Connection()
    receiver = thread(target=connection.receive)
    receiver.start()
    receiver.join()
    assert connection.event.is_set() == woken
