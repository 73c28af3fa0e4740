"""Files passed to and from the scripts of a page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page

# window.given is a promise of a File, null, or the text of an error.
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
    """Return a file as arguments of a script: name, type, content in base64."""
    return [file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()]


def given(page: Page) -> Any:
    """Wait for `window.given`: a GivenFile, None, or the text of an error."""
    answer = page.evaluate(AWAIT_GIVEN)
    if not isinstance(answer, dict):
        return answer
    return GivenFile(answer["name"], answer["type"], base64.b64decode(answer["base64"]))


def given_file(page: Page) -> GivenFile:
    file = given(page)
    assert isinstance(file, GivenFile), file
    return file
