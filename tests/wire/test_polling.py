"""Messages by long polling, whose length is limited as on a WebSocket."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import socketio

from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.test_broken_packets import TOO_LONG_BYTES

pytestmark = pytest.mark.every_mode

ADDRESS = "/socket.io/?EIO=4&transport=polling"
PICTURE = '{"_placeholder":true,"num":0}'
SEPARATOR = "\x1e"
WAIT_S = 30
TOO_LONG = {
    "picture": f'451-07["upload",{{"image":{PICTURE}}}]{SEPARATOR}b' + "A" * TOO_LONG_BYTES,
    "text": '4207["list_history",{"search":"' + "n" * TOO_LONG_BYTES + '"}]',
    "text of a length that pictures may have": '4207["save",[' + "[]," * 90_000 + "1]]",
    "packets": f'4207["{"n" * TOO_LONG_BYTES}"]{SEPARATOR}2',
}


class Polling:
    """A Socket.IO session by long polling."""

    def __init__(self, server: ServerProcess, http: httpx.Client | None = None) -> None:
        self._http = http or httpx.Client(base_url=server.url, timeout=WAIT_S)
        self.query = ADDRESS
        self.query += "&sid=" + self.receive().split('"')[3]
        assert self.send("40") == httpx.codes.OK
        assert self.receive().startswith("40{")

    def send(self, payload: str) -> int:
        return self._http.post(self.query, content=payload).status_code

    def receive(self) -> str:
        return self._http.get(self.query).raise_for_status().text

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def polling(server: ServerProcess) -> Iterator[Polling]:
    opened = Polling(server)
    yield opened
    opened.close()


@pytest.mark.parametrize("payload", TOO_LONG.values(), ids=TOO_LONG)
def test_long_message_is_refused_and_the_session_goes_on(polling: Polling, payload: str) -> None:
    assert polling.send(payload) == httpx.codes.OK
    [refusal] = polling.receive().split(SEPARATOR)
    assert refusal.startswith('437[{"ok":false,"error":{"code":"image_too_large","message":')
    assert "more than 10.1 MB, or more than 260 kB of text. Send a smaller picture." in refusal
    polling.send('428["list_history",{"limit":1}]')
    assert polling.receive().startswith('438[{"ok":true')


def test_long_message_without_acknowledgement_is_dropped(polling: Polling) -> None:
    polling.send(f'451-["frame",{{"image":{PICTURE}}}]{SEPARATOR}b' + "A" * TOO_LONG_BYTES)
    polling.send('428["list_history",{"limit":1}]')
    assert polling.receive().startswith('438[{"ok":true')


def test_client_by_polling_uploads_and_is_refused(server: ServerProcess) -> None:
    client = socketio.Client(reconnection=False)
    client.connect(server.url, transports=["polling"])
    long = client.call("upload", {"image": bytes(TOO_LONG_BYTES)}, timeout=WAIT_S)
    assert long["error"]["code"] == "image_too_large"
    assert client.call("upload", {"image": png("7")}, timeout=WAIT_S)["ok"]
    client.eio.disconnect(abort=True)  # without waiting for the next ping
