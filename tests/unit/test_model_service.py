"""The model that serves, where the database fails while another one is promoted."""

from __future__ import annotations

from typing import Any

import pytest

from server.errors import Unavailable
from server.models.files import read_files
from server.services.models import ModelService
from tests.other_models import MODEL
from tests.unit.fakes import POOLS


class Store:
    """A promotion whose files cannot be read at first."""

    def __init__(self) -> None:
        self.is_away = True

    def serving(self) -> str:
        return "12345678"

    def files(self, _name: str) -> Any:
        if self.is_away:
            raise Unavailable("The history cannot be reached.")
        return MODEL.name, read_files(MODEL)


class Readers:
    """Readers that count the promotions; the reader of everybody is they themselves."""

    model = "00000000"

    def __init__(self) -> None:
        self.promoted = 0

    @property
    def everybody(self) -> Readers:
        return self

    def reading_by(self, _classifier: Any) -> Readers:
        return self

    def promote(self, _reader: Any) -> None:
        self.promoted += 1


def test_promotion_is_followed_once_the_database_is_back() -> None:
    store: Any = Store()
    readers: Any = Readers()
    service = ModelService(store, readers, POOLS)
    with pytest.raises(Unavailable):
        service.follow()
    store.is_away = False
    service.follow()
    service.follow()
    assert readers.promoted == 1
