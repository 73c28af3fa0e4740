"""What was deleted is in no file any more, and what is kept is for its owner's eyes."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from socketio.exceptions import BadNamespaceError, TimeoutError

from server.services.log_emptier import CHECK_S
from tests.conftest import DATABASE, ServerProcess, new_database, wait_until
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser
from tests.wire.conftest import Client

pytestmark = pytest.mark.sqlite

PART_BYTES = 60  # of a picture, from its end: SQLite splits what is long into pages
SOON_S = 10 * CHECK_S
LAST_S = 3


@pytest.fixture
def lone(server: ServerProcess, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server in the same async mode, whose files nobody else writes."""
    started = serve(async_mode=server.settings["async_mode"])
    yield started
    started.stop()


def part_of(server: ServerProcess, entry: dict[str, str], **headers: str) -> bytes:
    """Return some bytes that only the picture of an entry has."""
    picture = httpx.get(server.url + entry["image_path"], headers=headers)
    return picture.raise_for_status().content[-PART_BYTES:]


def holders(server: ServerProcess, content: bytes) -> list[str]:
    """Return the files of the data folder that hold some bytes; the log is not the server's."""
    found = [path for path in server.data_dir.rglob("*") if path.is_file()]
    files = [path for path in found if path.name != "server.log"]
    return [path.name for path in files if content in path.read_bytes()]


def test_deleted_picture_is_in_no_file(lone: ServerProcess) -> None:
    guest = Browser(lone)
    entries = [guest.upload(text) for text in ("4071", "4072", "4073")]
    part = part_of(lone, entries[1])
    assert holders(lone, part)
    guest.http.delete(f"/api/predictions/{entries[1]['id']}").raise_for_status()
    wait_until(lambda: not holders(lone, part), SOON_S)
    assert holders(lone, part_of(lone, entries[2]))
    guest.http.close()


def test_picture_of_a_deleted_account_is_in_no_file(lone: ServerProcess) -> None:
    ann = Browser(lone).sign_up("ann-of-the-test")
    part = part_of(lone, ann.upload("4071"), **ann.cookie)
    ann.submit("/account/delete", page="/account", password=PASSWORD)
    wait_until(lambda: not holders(lone, part), SOON_S)
    wait_until(lambda: not holders(lone, b"ann-of-the-test"), SOON_S)
    ann.http.close()


def test_replaced_drawing_is_in_no_file(lone: ServerProcess) -> None:
    client, drawing = Client(lone.url), str(uuid4())
    first = client.ask("save", {"drawing": drawing, "image": png("4071")})["entry"]
    part = part_of(lone, first)
    client.ask("save", {"drawing": drawing, "image": png("8")})
    wait_until(lambda: not holders(lone, part), SOON_S)
    client.close()


def test_deleted_picture_is_in_no_file_after_a_stop(lone: ServerProcess) -> None:
    guest = Browser(lone)
    entry = guest.upload("4071")
    part = part_of(lone, entry)
    guest.http.delete(f"/api/predictions/{entry['id']}").raise_for_status()
    lone.stop()
    assert not holders(lone, part)
    guest.http.close()


def test_database_alone_is_whole_after_a_stop(lone: ServerProcess, tmp_path: Path) -> None:
    client, saved = Client(lone.url), []

    def save() -> None:
        with suppress(TimeoutError, BadNamespaceError):  # the last one is not answered
            while True:
                drawing = {"drawing": str(uuid4()), "image": png("7")}
                answer = client.socket.call("save", drawing, timeout=LAST_S)
                saved.append(answer["entry"]["id"])

    thread = threading.Thread(target=save)
    thread.start()
    wait_until(lambda: len(saved) > 5, 20)
    lone.stop()
    shutil.copy(lone.database, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        kept = {row[0] for row in copy.execute("SELECT id FROM entries")}
    assert {id.replace("-", "") for id in saved} <= kept
    client.close()
    thread.join()


def test_database_in_an_existing_folder_is_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / DATABASE).write_bytes(new_database())
    (tmp_path / DATABASE).chmod(0o644)
    server = ServerProcess(tmp_path)
    server.start()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("history.db*")}
    server.stop()
    assert set(modes) == {f"history.db{suffix}" for suffix in ("", "-wal", "-shm", ".lock")}
    assert set(modes.values()) == {0o600}
