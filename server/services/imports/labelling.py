"""Pictures whose text is known: read like any other, and corrected to it."""

from __future__ import annotations

import hashlib
from uuid import UUID, uuid5

from server.accounts.visitor import Visitor
from server.contract import CorrectEntry, Upload
from server.history.access import Viewer
from server.limits.rate_limits import RateLimit, RateLimits
from server.runtime.off_loop import Pools
from server.services.history import HistoryService
from server.services.imports.labels import LabelledPicture
from server.services.imports.sent_zip import SentZip
from server.services.learning import LearningService
from server.services.predictions import PredictionService

UPLOADS = RateLimit.UPLOADS  # of which each file is one
NAMESPACE = UUID("c1e0f2a4-3d57-4b0a-8a8e-5f0d6b7c2e31")


class PictureLabeller:
    """Keeps labelled pictures, each once, with the label as the correction."""

    def __init__(
        self,
        predictions: PredictionService,
        history: HistoryService,
        learning: LearningService,
        pools: Pools,
        rate_limits: RateLimits,
    ) -> None:
        self._predictions = predictions
        self._history = history
        self._learning = learning
        self._pools = pools
        self._rate_limits = rate_limits

    def keep(self, sent: SentZip, picture: LabelledPicture, visitor: Visitor) -> bool:
        """Keep a picture; return whether it is new.

        Raises what an upload and a correction raise. An import that ended between them left the
        label out: it is set now.
        """
        label, viewer = picture.require_label(), visitor.viewer
        content = self._pools.exports(sent.read, picture.path)
        id = _id_of(content, viewer)
        known = self._history.seen(viewer, [id])
        if not known:
            self._rate_limits.throttle(UPLOADS, visitor.address, viewer.owner)
            self._predictions.upload(Upload(image=content, id=id), visitor)
        if not known or known[0].corrected is None:
            self._learning.correct(CorrectEntry(id, label), visitor)
        return not known


def _id_of(content: bytes, viewer: Viewer) -> UUID:
    return uuid5(NAMESPACE, f"{viewer.maker} {hashlib.sha256(content).hexdigest()}")
