"""Eventlet, imported on demand and without its deprecation warning."""

from __future__ import annotations

import warnings
from typing import Any


def import_eventlet() -> Any:
    """Import eventlet and the parts in use; its warning about being in maintenance is known."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
        import eventlet
        import eventlet.tpool
        import eventlet.websocket
        import eventlet.wsgi
    return eventlet
