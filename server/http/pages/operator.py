"""The operator's pages: health checks, `/metrics` for Prometheus, and `/status` to look at.

The last two are for this machine, or for whoever has the operator's token: as a bearer token, or as
the password of HTTP Basic authentication (RFC 7617), which browsers and Prometheus know.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import flask
from flask import Response, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.metrics_core import Metric

from server.errors import Forbidden
from server.http.middleware import FORWARDED, LOOPBACK
from server.services.readiness import Readiness

REFRESH_S = 5


class OperatorOnly(Forbidden):
    """The operator's token is missing: a browser asks for it."""

    status = 401

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": 'Basic realm="Live Digits, for its operator"'}


class OperatorPages:
    """Views of the state of the process. `folder` is that of the history."""

    def __init__(self, token: str, folder: Path, readiness: Readiness) -> None:
        self._token = token
        self._folder = folder
        self._readiness = readiness
        self._started_s = time.monotonic()

    def healthz(self) -> dict[str, str]:
        """Report that the process responds."""
        return {"status": "ok"}

    def readyz(self) -> dict[str, str]:
        """Report that the server can save and read. Raises Unavailable."""
        self._readiness.check()
        return {"status": "ready"}

    def metrics(self) -> Response:
        """Send the metrics in Prometheus's text format. Raises OperatorOnly."""
        self._require_operator()
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    def status(self) -> Response:
        """Show the metrics to a person. Raises OperatorOnly."""
        self._require_operator()
        page = flask.render_template(
            "status.html",
            metrics=[(each.documentation, list(_rows(each))) for each in _own_metrics()],
            hours=(time.monotonic() - self._started_s) / 3600,
            free_gb=shutil.disk_usage(self._folder).free / 1e9,
            stored_mb=sum(file.stat().st_size for file in self._folder.iterdir()) / 1e6,
        )
        response = Response(page)
        response.headers["Refresh"] = str(REFRESH_S)
        return response

    def _require_operator(self) -> None:
        if not (self._has_token() if self._token else _is_local()):
            raise OperatorOnly("This page is for the operator: give DIGITS_OPERATOR_TOKEN.")

    def _has_token(self) -> bool:
        given = request.authorization
        token = (given.password or given.token or "") if given else ""
        return secrets.compare_digest(token.encode(), self._token.encode())


def _is_local() -> bool:
    """Whether a request comes from this machine, and not through a proxy on it."""
    return request.remote_addr in LOOPBACK and not request.environ[FORWARDED]


def _own_metrics() -> list[Metric]:
    return [each for each in REGISTRY.collect() if each.name.startswith("digits_")]


def _rows(metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield the values of a metric, each with its labels; of a histogram, count and mean."""
    sums = {_text(each.labels): each.value for each in metric.samples if each.name.endswith("_sum")}
    for sample in metric.samples:
        labels = _text(sample.labels)
        if sample.name.endswith("_count"):
            mean = sums[labels] / sample.value if sample.value else 0.0
            yield labels, f"{sample.value:,.0f} × {_quantity(metric.name, mean)}"
        elif metric.type == "info":
            yield "", ", ".join(f"{name} {value}" for name, value in sample.labels.items())
        elif metric.type != "histogram" and not sample.name.endswith("_created"):
            yield labels, f"{sample.value:,.0f}"


def _text(labels: dict[str, str]) -> str:
    return " ".join(labels.values()).replace("_", " ")


def _quantity(name: str, mean: float) -> str:
    return f"{mean * 1000:,.1f} ms" if name.endswith("_seconds") else f"{mean:,.1f}"
