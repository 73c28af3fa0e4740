"""Files that go into a page's scripts, and those that come back."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page

# window.given is a promise of a File, null or a text; the text stands for an error.
AWAIT_GIVEN = """async () => {
  const given = await window.given;
  if (!(given instanceof File)) return given;
  const bytes = new Uint8Array(await given.arrayBuffer());
  const base64 = btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
  return { name: given.name, type: given.type, base64 };
}"""


@dataclass(frozen=True)
class GivenFile:
    name: str
    type: str
    content: bytes

    @property
    def picture(self) -> Image.Image:
        return Image.open(BytesIO(self.content))


def file_argument(file: FilePayload) -> list[str]:
    """A file as scripts take it: name, type, content in base64."""
    return [file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()]


def given(page: Page) -> Any:
    """What `window.given` of the page comes to: a GivenFile, None, or an error's sentence."""
    answer = page.evaluate(AWAIT_GIVEN)
    if not isinstance(answer, dict):
        return answer
    return GivenFile(answer["name"], answer["type"], base64.b64decode(answer["base64"]))


def given_file(page: Page) -> GivenFile:
    file = given(page)
    assert isinstance(file, GivenFile), file
    return file
