"""Other load on a server while its frames are measured: uploads and sign-ins."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import cv2
import httpx
import numpy as np

from scripts.benchmark.servers import Server

PHOTO_PX = (3000, 4000)
UPLOAD_INTERVAL_S = 1.0
GUESSERS = 40  # connections, since the server delays each answer by up to two seconds
GUESSES_PER_S = 200


@contextmanager
def upload_photos(server: Server) -> Iterator[None]:
    """Upload a 12-megapixel photo every second."""
    photo = make_photo()

    def upload(ended: threading.Event) -> None:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            while not ended.wait(UPLOAD_INTERVAL_S):
                client.post("/api/predictions", content=photo).raise_for_status()

    with _in_threads(upload):
        yield


@contextmanager
def guess_passwords(server: Server) -> Iterator[Counter[int]]:
    """Guess a password 200 times a second; yield the counted statuses."""
    headers, body = _prepare_sign_in(server)
    statuses: Counter[int] = Counter()

    def guess(ended: threading.Event) -> None:
        due = time.monotonic() + random.uniform(0, GUESSERS / GUESSES_PER_S)  # noqa: S311
        with closing(HTTPConnection(server.url.removeprefix("http://"), timeout=30)) as connection:
            while not ended.wait(max(0, due - time.monotonic())):
                due += GUESSERS / GUESSES_PER_S
                connection.request("POST", "/sign-in", body, headers)
                response = connection.getresponse()
                response.read()
                statuses[response.status] += 1

    with _in_threads(guess, GUESSERS):
        yield statuses


def _prepare_sign_in(server: Server) -> tuple[dict[str, str], str]:
    """Return the headers and body of a sign-in with a wrong password, as a browser sends them."""
    with httpx.Client(base_url=server.url) as client:
        page = client.get("/sign-in").text
        headers = {
            "Cookie": f"digits={client.cookies['digits']}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
    [token] = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return headers, urlencode({"csrf_token": token, "username": "ann", "password": "a guess"})


@contextmanager
def _in_threads(act: Callable[[threading.Event], None], count: int = 1) -> Iterator[None]:
    """Run `act` in threads, and set the event that it gets to end it."""
    ended = threading.Event()
    threads = [threading.Thread(target=act, args=[ended]) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def make_photo() -> bytes:
    """Return a JPEG file of shaded, grainy paper with a number on it."""
    rng = np.random.default_rng(1)
    height, width = PHOTO_PX
    shade = np.linspace(150, 220, width) + np.linspace(-30, 20, height)[:, None]
    paper = (shade + rng.normal(0, 4, (height, width))).clip(0, 255).astype(np.uint8)
    cv2.putText(paper, "4872", (1400, 1600), cv2.FONT_HERSHEY_SIMPLEX, 8, (50,), 24, cv2.LINE_AA)
    return cv2.imencode(".jpg", paper)[1].tobytes()
