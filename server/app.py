"""create_app: the one place where the parts are wired together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from flask import Flask
from flask_compress import Compress
from flask_socketio import SocketIO
from sqlalchemy import Engine

from server.accounts.identity import Identity
from server.accounts.known_browsers import KnownBrowsers
from server.accounts.passwords import Passwords
from server.accounts.service import AccountService
from server.accounts.sign_in_guard import SignInGuard
from server.accounts.store import AccountStore
from server.database.engine import open_database
from server.database.files import database_file
from server.database.lock import Lock, hold_as_server
from server.history.examples import ExampleStore
from server.history.journal import Journal, MemoryJournal
from server.history.list_store import ListStore
from server.history.rereading import RereadingStore
from server.history.retention import RetentionStore
from server.history.review_store import ReviewStore
from server.history.shared_journal import SharedJournal
from server.history.statistics_store import StatisticsStore
from server.history.store import HistoryStore
from server.http import security
from server.http.api.openapi import Description
from server.http.api.routes import ApiRoutes
from server.http.errors import answer_error
from server.http.in_flight import InFlight
from server.http.middleware import (
    LOOPBACK,
    BodyLimit,
    ConnectionLimit,
    Middleware,
    drop_forwarded_headers,
    drop_websocket_extensions,
    forbid_sniffing,
    refuse_other_hosts,
    refuse_sign_in_floods,
    trust_proxies,
    wrap,
)
from server.http.pages.caching import keep_bundle
from server.http.pages.operator import OperatorPages
from server.http.pages.routes import page_routes, password_paths, register_pages
from server.http.pages.templates import set_up_templates
from server.http.request_log import RequestLog
from server.http.security import Origins
from server.json_provider import MsgspecJSONProvider
from server.limits.byte_budget import ByteBudget
from server.limits.connection_counts import ConnectionCounts, MemoryConnectionCounts
from server.limits.failure_counts import FailureCounts, MemoryFailureCounts
from server.limits.rate_limits import Buckets, MemoryBuckets, RateLimit, RateLimits
from server.limits.refusal_log import RefusalLog
from server.models.store import ModelStore
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.runtime.loops import load
from server.runtime.off_loop import MakeCall, Pools, open_pools
from server.runtime.process import TRIM_S, trim_memory
from server.runtime.repeated import Repeated
from server.runtime.watchdog import Watchdog
from server.services.exports.service import ExportService
from server.services.history import HistoryService
from server.services.imports.labelling import PictureLabeller
from server.services.imports.restoring import EntryRestorer
from server.services.imports.service import ImportService
from server.services.learning import LearningService
from server.services.lists import ListService
from server.services.live import LiveService
from server.services.log_emptier import CHECK_S, LogEmptier
from server.services.models import ModelService
from server.services.operations import Dispatcher, Services
from server.services.predictions import PredictionService
from server.services.readers import Readers
from server.services.readiness import Readiness
from server.services.rereading import RereadingService
from server.services.retention import RetentionLimits, RetentionService
from server.services.review_rereading import ReviewRereading
from server.services.reviews import ReviewService
from server.services.statistics import StatisticsService
from server.settings import (
    INK_MODEL,
    PROJECT,
    Settings,
    database_url,
    keep_secret_key,
    prepare_data_dir,
)
from server.sockets.byte_limits import ByteLimits
from server.sockets.clients import LATE_S, Clients
from server.sockets.connections import ENDED_S, Connections
from server.sockets.events import EventfulFlask, Events
from server.sockets.hardening import harden
from server.sockets.publisher import SocketPublisher
from server.sockets.shared_events import SharedEvents
from server.sockets.strict_packets import packet_class

WEB = PROJECT / "web"
OVERSIZE_BYTES = 64_000  # over the largest upload, in a message that is refused with a sentence
PING_TIMEOUT_S = 60  # a client's pong waits behind its upload on a slow line
FORM_OVERHEAD_BYTES = 100_000  # for the other fields of a multipart form
SESSION_DAYS = 365
DRAIN_S = 3  # for what is in flight when the server is to stop
DRAIN_STEP_S = 0.02
CLOSED_PER_STEP = 20  # of 1,000 clients, the last one is sent away a second after the first


class Background(Protocol):
    """A part with threads or connections of its own."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True)
class Counts:
    """The counts of rates, of failed sign-ins and of open connections."""

    buckets: Buckets
    failures: FailureCounts
    connections: ConnectionCounts
    background: Sequence[Background] = ()


@dataclass(frozen=True)
class Server:
    """One application and its socket server. Several may live side by side in a process."""

    app: Flask
    socketio: SocketIO
    engine: Engine
    background: Sequence[Background]
    lock: Lock | None  # on the database's file
    requests: InFlight
    clients: Clients

    def start(self) -> None:
        """Start the background threads; before that, frames are not read."""
        for part in self.background:
            part.start()

    def drain(self) -> None:
        """Answer what is in flight, as far as there is time; close every connection at rest.

        Pages connect again by themselves. What comes later is refused or gets no answer.
        """
        self.requests.refuse_others()
        end_s = time.monotonic() + DRAIN_S
        time.sleep(DRAIN_STEP_S)  # what has come is read
        while self.clients.close_idle(CLOSED_PER_STEP) or self.requests.count:
            if time.monotonic() > end_s:
                break
            time.sleep(DRAIN_STEP_S)

    def stop(self) -> None:
        """End the background threads and close the database.

        The thread of an open connection ends at its next ping.
        """
        for part in self.background:
            part.stop()
        self.socketio.server.shutdown()
        self.engine.dispose()
        if self.lock:
            self.lock.close()


def create_app(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Server:
    """Wire a server, without any effect on others in this process. Raises ConfigurationError.

    `clock` is that of the limits on rates and failed sign-ins, in seconds.
    """
    prepare_data_dir(settings.data_dir)
    file = database_file(database_url(settings))
    lock = hold_as_server(file) if file else None
    origins = Origins(settings.allowed_origins)
    app = _create_flask(settings, origins)
    refusals, limits = RefusalLog(), _create_byte_limits(settings)
    socketio = _create_socketio(app, settings, origins, limits)
    clients = harden(socketio.server, limits, refusals)
    counts = _open_counts(settings, clock)
    rate_limits = _create_rate_limits(settings, counts.buckets)

    engine = open_database(database_url(settings), is_locked=True)
    off_loop = load(settings.async_mode).native_calls()
    pools, known_browsers = open_pools(off_loop), KnownBrowsers(app.config["SECRET_KEY"])
    accounts = _create_accounts(settings, engine, pools, known_browsers, counts.failures)
    journal = _open_journal(engine, pools)
    publisher = SocketPublisher(socketio, journal)
    store = HistoryStore(engine, settings.max_entries, journal)
    history = HistoryService(store, pools, publisher, rate_limits)
    retention = RetentionService(
        RetentionStore(engine, journal), store, pools, publisher, _kept(settings)
    )
    examples, reviews = ExampleStore(engine, journal), ReviewStore(engine, journal)
    readers = Readers(_open_reader(settings), examples, pools)
    rereading = ReviewRereading(readers, history, reviews, pools, publisher)
    publisher.on_event(readers.note)
    live = LiveService(readers, off_loop, publisher, settings.max_upload_bytes)
    learning = LearningService(readers, history, examples, pools, publisher)
    predictions = PredictionService(readers, history, pools, settings.max_upload_bytes)
    services = Services(
        predictions,
        history,
        learning,
        ListService(ListStore(engine, journal), pools, history),
        live,
        ExportService(accounts, history, learning, pools.exports),
        ImportService(
            EntryRestorer(history, learning, readers, pools, rate_limits),
            PictureLabeller(predictions, history, learning, pools, rate_limits),
            pools.exports,
            settings.max_upload_bytes,
        ),
        StatisticsService(StatisticsStore(engine), pools),
        ReviewService(reviews, learning, rereading, pools, publisher),
    )
    dispatcher = Dispatcher(services, rate_limits)

    identity = Identity(accounts, settings.guests)
    identity.register(app)
    connections = Connections(socketio, identity, accounts, publisher)
    accounts.on_keys_ended(connections.close_ended)
    Events(socketio, dispatcher, connections, publisher, live).register()
    ApiRoutes(identity, dispatcher, limits.work).register(app)
    Description(settings.guests).register(app)
    operator = _create_operator_pages(settings, file, history, readers, off_loop)
    pages = page_routes(identity, accounts, services, rate_limits, operator)
    register_pages(app, pages, identity, rate_limits)
    set_up_templates(app, settings, lambda: readers.everybody.threshold)

    floods = refuse_sign_in_floods(rate_limits, password_paths(pages), known_browsers)
    requests, longest = InFlight(), max(limits.polled_bytes, app.config["MAX_CONTENT_LENGTH"])
    layers = _middleware(settings, requests, floods, counts.connections)
    layers.append(lambda inner: BodyLimit(inner, longest, limits.receiving, refusals))
    app.wsgi_app = wrap(app.wsgi_app, layers)  # type: ignore[method-assign,assignment]
    background: list[Background] = [
        ModelService(ModelStore(engine), readers, pools), live, readers, learning, rereading,
        RereadingService(RereadingStore(engine, journal), readers, pools, publisher),
        retention, *counts.background, Repeated(ENDED_S, connections.close_ended),
        Repeated(LATE_S, clients.cut_off_late), Repeated(TRIM_S, partial(off_loop, trim_memory)),
        Watchdog(load(settings.async_mode)),
    ]  # fmt: skip
    background += [Repeated(CHECK_S, LogEmptier(file, pools.writes).look)] if file else []
    if isinstance(journal, SharedJournal):
        background.append(SharedEvents(journal, publisher, off_loop))
    return Server(app, socketio, engine, background, lock, requests, clients)


def _open_reader(settings: Settings) -> Reader:
    """Open the program's own model."""
    return Reader(Classifier(settings.model), InkFinder(INK_MODEL), settings.max_pixels)


def _open_journal(engine: Engine, pools: Pools) -> Journal:
    """Open the journal; that of PostgreSQL is shared with other servers."""
    if engine.dialect.name == "postgresql":
        return SharedJournal(engine, pools.reads)
    return MemoryJournal()


def _create_accounts(
    settings: Settings,
    engine: Engine,
    pools: Pools,
    known_browsers: KnownBrowsers,
    failures: FailureCounts,
) -> AccountService:
    guard = SignInGuard(failures, settings.wrong_passwords_per_address)
    passwords = Passwords(pools.passwords)
    return AccountService(AccountStore(engine), pools, passwords, guard, known_browsers)


def _create_operator_pages(
    settings: Settings,
    file: Path | None,
    history: HistoryService,
    readers: Readers,
    off_loop: MakeCall,
) -> OperatorPages:
    folder = file.parent if file else settings.data_dir
    min_free_bytes = settings.min_free_bytes if file else 0  # PostgreSQL's disk is elsewhere
    readiness = Readiness(history, readers, off_loop, folder, min_free_bytes)
    return OperatorPages(settings.operator_token, folder, readiness)


def _create_flask(settings: Settings, origins: Origins) -> Flask:
    static, pages = str(WEB / "static"), str(WEB / "pages")
    app = EventfulFlask(__name__, static_folder=static, template_folder=pages)
    app.config.update(
        SECRET_KEY=settings.secret_key or keep_secret_key(settings.data_dir),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + FORM_OVERHEAD_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_OVERHEAD_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        # Pages renew the cookie. An answer that comes late must not put an old one back.
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="digits",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        # A tenth smaller than Flask-Compress's own choice, zstd at level 3.
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "deflate"],
        COMPRESS_BR_LEVEL=6,
    )
    app.json = MsgspecJSONProvider(app)
    app.register_error_handler(Exception, answer_error)
    security.install(app, origins)
    app.after_request(keep_bundle)
    Compress(app)
    return app


def _create_socketio(
    app: Flask, settings: Settings, origins: Origins, limits: ByteLimits
) -> SocketIO:
    """Put Socket.IO in front of Flask, as the innermost layer around `app.wsgi_app`."""
    return SocketIO(
        app,
        async_mode=settings.async_mode,
        serializer=packet_class(app.json),
        async_handlers=False,  # a client's events in their order: its later save must win
        cors_allowed_origins=origins.allow,
        max_http_buffer_size=limits.polled_bytes,
        ping_timeout=PING_TIMEOUT_S,
    )


def _create_byte_limits(settings: Settings) -> ByteLimits:
    """Return the limits on bytes, within which one message of any client passes."""
    binary_bytes = settings.max_upload_bytes + OVERSIZE_BYTES
    per_address = max(settings.bytes_per_address, 2 * binary_bytes)
    return ByteLimits(binary_bytes, ByteBudget(per_address), ByteBudget(per_address))


def _open_counts(settings: Settings, clock: Callable[[], float]) -> Counts:
    """Return what counts in the memory of this process, or in Redis if it is set."""
    buckets, failures = MemoryBuckets(clock), MemoryFailureCounts(clock)
    max_connections = settings.connections_per_address
    if not settings.redis_url:
        return Counts(buckets, failures, MemoryConnectionCounts(max_connections))
    # Without the setting, the library is not loaded.
    from server.limits.redis_buckets import RedisBuckets
    from server.limits.redis_connection_counts import RENEW_S, RedisConnectionCounts
    from server.limits.redis_failure_counts import RedisFailureCounts
    from server.limits.redis_link import RedisLink

    redis = RedisLink(settings.redis_url)
    connections = RedisConnectionCounts(redis, max_connections)
    return Counts(
        RedisBuckets(redis, buckets),
        RedisFailureCounts(redis, failures),
        connections,
        [redis, Repeated(RENEW_S, connections.renew)],
    )


def _create_rate_limits(settings: Settings, buckets: Buckets) -> RateLimits:
    amounts = {limit: getattr(settings, limit.value) for limit in RateLimit}
    return RateLimits(amounts, buckets)


def _kept(settings: Settings) -> RetentionLimits:
    return RetentionLimits(settings.keep_days, settings.keep_entries, settings.keep_picture_bytes)


def _middleware(
    settings: Settings,
    requests: InFlight,
    refuse_floods: Middleware,
    connections: ConnectionCounts,
) -> list[Middleware]:
    """List the middleware, the first layer that a request passes first."""
    loopback_only = settings.host in LOOPBACK and not settings.trusted_proxies
    return [
        requests.wrap,
        trust_proxies(settings.trusted_proxies),
        drop_forwarded_headers,
        RequestLog,
        forbid_sniffing,
        drop_websocket_extensions,
        *([refuse_other_hosts] if loopback_only else []),
        refuse_floods,
        lambda application: ConnectionLimit(application, connections),
    ]
