"""Random changes of a history, and the events that they cause."""

from __future__ import annotations

import random
from uuid import uuid4

from tests.pictures import png
from tests.wire.conftest import Client

Event = tuple[str, str]  # its name and the id of its entry


def save(client: Client) -> str:
    drawing = str(uuid4())
    assert client.ask("save", {"drawing": drawing, "image": png("7")})["ok"]
    return drawing


def change_at_random(client: Client, count: int) -> list[Event]:
    """Save, correct and delete; return the events that this causes."""
    rng, ids, caused = random.Random(1), [save(client)], []
    caused.append(("history_added", ids[0]))
    while len(caused) < count:
        kind = rng.choice(("save", "correct", "delete")) if ids else "save"
        if kind == "save":
            ids.append(save(client))
            caused.append(("history_added", ids[-1]))
        elif kind == "correct":
            id = rng.choice(ids)
            client.ask("correct_entry", {"id": id, "text": str(len(caused))})
            caused.append(("history_changed", id))
        else:
            id = ids.pop(rng.randrange(len(ids)))
            client.ask("delete_entry", {"id": id})
            caused.append(("history_removed", id))
    return caused
