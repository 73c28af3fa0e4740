"""Bare Flask-SocketIO server on eventlet, which answers every frame with a constant reading.

    python scripts/benchmark/echo.py PORT

It is the upper limit of what Live Digits can reach.
"""

import sys
import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402

READING = {
    "text": "4",
    "confidence": 0.9931,
    "uncertain": False,
    "digits": [
        {
            "digit": 4,
            "confidence": 0.9931,
            "probabilities": [0.0, 0.0001, 0.0, 0.0, 0.9931, 0.0, 0.0021, 0.0, 0.0, 0.0046],
            "box": [12, 12, 71, 116],
        }
    ],
    "lines": [{"text": "4", "confidence": 0.9931}],
    "size": [96, 140],
    "milliseconds": 0.731,
    "model": "a1b2c3d4",
}

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


def answer(frame: dict[str, object]) -> None:
    prediction = {"drawing": frame["drawing"], "seq": frame["seq"], "reading": READING}
    socketio.emit("prediction", prediction, to=request.sid)  # type: ignore[attr-defined]


if __name__ == "__main__":
    socketio.on_event("frame", answer)
    socketio.run(app, "127.0.0.1", int(sys.argv[1]))
