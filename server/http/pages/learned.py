"""The page of what was learned from somebody, and its forms."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO

from flask import request
from PIL import Image

from server.accounts.identity import Identity
from server.contract import parse_id
from server.errors import DigitsError
from server.history.access import Viewer
from server.http.pages.caching import kept_for_back
from server.http.pages.forms import ConfirmForm
from server.http.pages.submit import PageResponse, redirect, render, validate
from server.recognition.arrays import Ink
from server.services.learning import LearningService

PATH = "/learned"


class LearnedPages:
    """Views for every visitor: each sees and changes what was learned from them alone."""

    def __init__(self, identity: Identity, learning: LearningService) -> None:
        self._identity = identity
        self._learning = learning

    def learned(self) -> PageResponse:
        """Show the examples, the newest first."""
        return kept_for_back(self._render())

    def forget(self, id: str, position: str) -> PageResponse:
        """Forget one example."""
        return self._submit(
            lambda viewer: self._learning.forget(viewer, parse_id(id), int(position))
        )

    def forget_all(self) -> PageResponse:
        """Forget all examples."""
        return self._submit(self._learning.forget)

    def switch(self) -> PageResponse:
        """Switch learning on or off."""
        is_on = request.form.get("on") == "yes"
        return self._submit(lambda viewer: self._learning.switch(viewer, is_on))

    def contribute(self) -> PageResponse:
        """Let models for everybody be trained on an account's corrections, or not."""
        self._identity.require_session()
        does = request.form.get("contribute") == "yes"
        return self._submit(lambda viewer: self._learning.contribute(viewer, does))

    def _submit(self, change: Callable[[Viewer], object]) -> PageResponse:
        viewer = self._identity.visitor().viewer
        try:
            validate(ConfirmForm())
            change(viewer)
        except DigitsError as error:
            return self._render(error)
        return redirect(PATH)

    def _render(self, error: DigitsError | None = None) -> PageResponse:
        viewer = self._identity.page_visitor().viewer
        learned = self._learning.learned(viewer)
        return render("learned.html", error, viewer=viewer, learned=learned, data_url=to_data_url)


def to_data_url(picture: Ink) -> str:
    """Return what a network sees [28, 28] as the URL of a PNG, ink on a transparent ground."""
    file, ink = BytesIO(), Image.fromarray(picture)
    Image.merge("LA", (Image.new("L", ink.size), ink)).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
