"""create_app: the only place where the parts are wired together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask_compress import Compress
from flask_socketio import SocketIO

from server.api import Api
from server.concurrency import Lane, choose_off_loop
from server.events import Events
from server.feed import Feed
from server.history.database import open_database
from server.history.store import History
from server.http_errors import answer_error
from server.intake import Intake
from server.live import Live
from server.messages import Json
from server.pages import Pages
from server.rates import Rates
from server.recognition.classifier import Classifier
from server.recognition.reader import Reader
from server.settings import PROJECT, Settings, keep_secret_key, prepare_data_dir

WEB = PROJECT / "web"
SOCKET_HEADROOM = 4  # times the largest upload: what is too large is refused with a sentence
PING_TIMEOUT_S = 60  # a client's pong waits behind its upload on a slow line
FORM_HEADROOM_BYTES = 100_000  # for the other fields of a multipart form
SESSION_DAYS = 365


@dataclass(frozen=True)
class Server:
    """The application and its socket server, to be run together."""

    app: Flask
    socketio: SocketIO


def create_app(settings: Settings) -> Server:
    """Wire a server. Raises ConfigurationError if a setting or the model does not fit."""
    prepare_data_dir(settings.data_dir)
    app = _create_flask(settings)
    socketio = SocketIO(
        app,
        async_mode=settings.async_mode,
        json=app.json,
        async_handlers=False,  # a client's events in their order: its later save must win
        cors_allowed_origins=list(settings.allowed_origins) or None,
        max_http_buffer_size=SOCKET_HEADROOM * settings.max_upload_bytes,
        ping_timeout=PING_TIMEOUT_S,
    )
    off_loop = choose_off_loop(settings.async_mode)
    reader = Reader(Classifier(settings.model), settings.max_pixels)
    history, lane = History(open_database(_database_url(settings))), Lane(off_loop)
    rates = Rates(settings.changes_per_minute)
    feed = Feed(socketio, history, lane)
    intake = Intake(reader, history, lane, off_loop, feed)
    live = Live(socketio, reader, off_loop, intake, settings.max_upload_bytes)
    Events(live, feed, rates, settings.guests).register(socketio)
    Pages(settings, reader.threshold, history, lane).register(app)
    Api(settings, live, feed, rates).register(app)
    return Server(app, socketio)


def _create_flask(settings: Settings) -> Flask:
    app = Flask(__name__, static_folder=str(WEB / "static"), template_folder=str(WEB / "pages"))
    app.config.update(
        SECRET_KEY=settings.secret_key or keep_secret_key(settings.data_dir),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + FORM_HEADROOM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_HEADROOM_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="digits",
    )
    app.json = Json(app)
    app.register_error_handler(Exception, answer_error)
    Compress(app)
    return app


def _database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.data_dir.resolve() / 'history.db'}"
