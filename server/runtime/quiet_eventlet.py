"""Eventlet, imported on demand, without its deprecation warning and its DNS client."""

from __future__ import annotations

import os
import warnings
from typing import Any


def import_eventlet() -> Any:
    """Import eventlet and the parts in use; its warning about being in maintenance is known.

    Its DNS client would take a fifth of the start, and nothing here looks up names while it serves.
    """
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated")
        import eventlet
        import eventlet.tpool
        import eventlet.websocket
        import eventlet.wsgi
    return eventlet
