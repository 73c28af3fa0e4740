"""create_app: the only place where the parts are wired together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask_compress import Compress
from flask_socketio import SocketIO

from server.accounts.identity import Identity
from server.accounts.service import Members
from server.accounts.store import Accounts
from server.database.engine import open_database
from server.history.store import History
from server.http.api.exports import Exports
from server.http.api.openapi import Description
from server.http.api.operations import register
from server.http.api.routes import Api
from server.http.errors import answer_error
from server.http.middleware import Gate, trust_proxies
from server.http.pages.account import AccountPages
from server.http.pages.public import Pages
from server.http.pages.sign_in import Doors
from server.http.security import Origins, defend
from server.json_provider import Json
from server.rate_limits import Rates
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.runtime.off_loop import Lane, choose_off_loop
from server.services.history import Feed
from server.services.intake import Intake
from server.services.live import Live
from server.settings import (
    PROJECT,
    Settings,
    database_url,
    keep_secret_key,
    prepare_data_dir,
)
from server.sockets.connections import Connections
from server.sockets.events import Events
from server.sockets.hardening import harden
from server.sockets.strict_packets import packet_class

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

    def start(self) -> None:
        """Start what runs beside the requests."""


def create_app(settings: Settings) -> Server:
    """Wire a server. Raises ConfigurationError if a setting or the model does not fit."""
    prepare_data_dir(settings.data_dir)
    origins = Origins(settings.allowed_origins)
    app = _create_flask(settings, origins)
    socketio = _create_socketio(app, settings, origins)
    rates = _create_rates(settings)
    gate = Gate(app.wsgi_app, settings, rates)
    app.wsgi_app = trust_proxies(gate, settings.trusted_proxies)  # type: ignore[method-assign]
    off_loop = choose_off_loop(settings.async_mode)
    engine, lane = open_database(database_url(settings)), Lane(off_loop)
    history = History(engine, settings.max_entries)
    members = Members(Accounts(engine), lane, off_loop)
    identity = Identity(members, settings.guests)
    feed = Feed(socketio, history, lane)
    reader = Reader(Classifier(settings.model), settings.max_pixels)
    intake = Intake(reader, history, lane, off_loop, feed)
    live = Live(socketio, reader, off_loop, intake, settings.max_upload_bytes)
    connections = Connections(socketio, identity, members)
    Events(socketio, live, feed, connections, rates).register()
    identity.register(app)
    Pages(settings, reader.threshold, identity, history, lane).register(app)
    Doors(identity, members, feed, connections, rates).register(app)
    AccountPages(identity, members, connections, rates).register(app)
    operations = (*Api(live, feed).operations(), *Exports(members, history, lane).operations())
    register(app, operations, identity, rates)
    Description(operations, settings.guests).register(app)
    return Server(app, socketio)


def _create_flask(settings: Settings, origins: Origins) -> Flask:
    app = Flask(__name__, static_folder=str(WEB / "static"), template_folder=str(WEB / "pages"))
    app.config.update(
        SECRET_KEY=settings.secret_key or keep_secret_key(settings.data_dir),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + FORM_HEADROOM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_HEADROOM_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="digits",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.json = Json(app)
    app.register_error_handler(Exception, answer_error)
    defend(app, origins)
    Compress(app)
    return app


def _create_socketio(app: Flask, settings: Settings, origins: Origins) -> SocketIO:
    socketio = SocketIO(
        app,
        async_mode=settings.async_mode,
        serializer=packet_class(app.json),
        async_handlers=False,  # a client's events in their order: its later save must win
        cors_allowed_origins=origins.allow,
        max_http_buffer_size=SOCKET_HEADROOM * settings.max_upload_bytes,
        ping_timeout=PING_TIMEOUT_S,
    )
    harden(socketio.server)
    return socketio


def _create_rates(settings: Settings) -> Rates:
    return Rates(
        {
            "frames": settings.frames_per_minute,
            "changes": settings.changes_per_minute,
            "uploads": settings.uploads_per_minute,
            "queries": settings.queries_per_minute,
            "sign_ins": settings.sign_ins_per_minute,
        }
    )
