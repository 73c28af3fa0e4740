"""Everything that the page templates need, in one place: with it any page can be rendered.

`csp_nonce` comes from `server.http.security`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask
from flask import Flask
from flask_login import current_user

from server.accounts.user_agents import describe_user_agent
from server.contract import VERSION
from server.http.pages.bundle import current_assets
from server.http.pages.forms import ConfirmForm
from server.http.pages.log_sentences import describe_event, describe_source
from server.http.pages.modules import import_map
from server.settings import Settings


def set_up_templates(app: Flask, settings: Settings, threshold: Callable[[], float]) -> None:
    """Give every template its common variables and filters.

    `threshold` returns the confidence below which a reading is uncertain. A page that has a visitor
    passes its own `viewer`.
    """
    constants = {
        "max_upload_bytes": settings.max_upload_bytes,
        "max_pixels": settings.max_pixels,
        "contract_version": VERSION,
        "confirm": ConfirmForm,
        "current_user": current_user,  # a proxy: an error page asks for no user, so no database
        "viewer": None,
        "import_map": import_map(),
    }
    static = Path(app.static_folder or "")

    def context() -> dict[str, Any]:
        return constants | {
            "csp_nonce": flask.g.csp_nonce,
            "assets": current_assets(static),
            "threshold": threshold(),
        }

    app.context_processor(context)
    for describe in (describe_user_agent, describe_event, describe_source):
        app.add_template_filter(describe)
