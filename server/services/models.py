"""The model that serves: another one takes its place within a second of its promotion."""

from __future__ import annotations

import logging

from server.contract import VERSION
from server.error_boundary import attempt
from server.errors import ConfigurationError
from server.models.files import open_files
from server.models.store import ModelStore
from server.monitoring.metrics import BUILD
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.runtime.off_loop import Pools
from server.runtime.repeated import Repeated
from server.services.readers import Readers

LOOK_S = 0.5

log = logging.getLogger(__name__)


class ModelService:
    """Follows the promotions in the database, between `start` and `stop`.

    A model is opened off the loop, while the one before it serves. What waits to be read then is
    still read by that one.
    """

    def __init__(self, store: ModelStore, readers: Readers, pools: Pools) -> None:
        """Take readers that read by the program's own model."""
        self._store = store
        self._readers = readers
        self._pools = pools
        self._own = readers.everybody
        self._followed: str | None = None
        self._following = Repeated(LOOK_S, self.follow)
        self._tell()

    def start(self) -> None:
        attempt(self.follow)
        self._following.start()

    def stop(self) -> None:
        self._following.stop()

    def follow(self) -> None:
        """Let the promoted model serve, unless it does. Raises Unavailable.

        One that cannot be opened is reported once, and the one before it goes on.
        """
        name = self._pools.reads(self._store.serving)
        if name == self._followed:
            return
        try:
            self._readers.promote(self._open(name))
        except ConfigurationError as error:
            log.error("Model %s cannot be served, so another one goes on: %s", name, error)
        self._followed = name  # not if the database failed meanwhile: the next look tries again
        self._tell()

    def _open(self, name: str | None) -> Reader:
        if name is None:
            return self._own
        classifier: Classifier = self._pools.pictures(_open, self._store, name)
        return self._own.reading_by(classifier)

    def _tell(self) -> None:
        model = self._readers.everybody.model
        BUILD.info({"contract": str(VERSION), "model": model})
        log.info("Model %s serves.", model)


def _open(store: ModelStore, name: str) -> Classifier:
    return open_files(*store.files(name))
