"""The metrics of this process, as Prometheus reads them at `/metrics`.

They are the process's, as is usual with prometheus_client: the applications of one process share
them. Its locks are native beside a loop too (runtime/native_locks.py), for threads off the loop.
"""

from __future__ import annotations

from functools import partial

from prometheus_client import Counter, Gauge, Histogram, Info

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
BATCHES = (1, 2, 4, 8, 16, 32)

Durations = partial(Histogram, buckets=SECONDS)
Sizes = partial(Histogram, buckets=BATCHES)

FRAMES = Counter("digits_frames", "Live frames, by what became of them", ["outcome"])
FRAMES_WAITING = Gauge("digits_frames_waiting", "Frames that wait to be read")
FRAME_BATCH = Sizes("digits_frame_batch_size", "Frames that were read together")
READING_SECONDS = Durations(
    "digits_reading_seconds", "Time to read a batch of frames, or a picture", ["kind"]
)
OPERATION_SECONDS = Durations(
    "digits_operation_seconds", "Time to answer a request, frames excepted", ["operation"]
)
SAVES = Counter("digits_saves", "Drawings and uploads that were kept, by their change", ["change"])
ERRORS = Counter("digits_errors", "Requests that were refused or failed, by code", ["code"])
REQUESTS = Counter("digits_http_requests", "HTTP requests, by class of status", ["status"])
CONNECTIONS = Gauge("digits_connections", "Socket.IO clients that are connected")
RECEIVED_BYTES = Counter("digits_received_bytes", "Bytes that came in by WebSocket")
SENT_BYTES = Counter("digits_sent_bytes", "Bytes of Socket.IO packets for clients")
LOOP_LAG_SECONDS = Durations(
    "digits_loop_lag_seconds", "Delay with which the event loop wakes a sleeper"
)
POOL_SECONDS = Durations(
    "digits_pool_seconds", "Time of calls off the event loop, without their wait", ["pool"]
)
POOL_WAITING = Gauge("digits_pool_waiting", "Calls that wait for their turn off the loop", ["pool"])
REDIS_UP = Gauge("digits_redis_up", "Whether Redis answers: 1, or 0", ["redis"])
BUILD = Info("digits_build", "The version of the contract, and the model")
