"""Versions as files: read to be added, and opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from server.recognition.reading.classifier import Classifier, classifier_files


def read_files(path: Path) -> dict[str, bytes]:
    """Return the files of a model by their names, with the Keras file that training goes on from.

    Raises ConfigurationError and OSError.
    """
    keras = path.with_suffix(".keras")
    files = [*classifier_files(path), *([keras] if keras.exists() else [])]
    return {file.name: file.read_bytes() for file in files}


def write_files(folder: Path, file: str, contents: Mapping[str, bytes]) -> Path:
    """Write the files of a model into a folder; return that of its digit network."""
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder / file


def open_files(file: str, contents: Mapping[str, bytes]) -> Classifier:
    """Open a model from the contents of its files; `file` is that of its digit network.

    Raises ConfigurationError if they do not fit.
    """
    with TemporaryDirectory(prefix="live-digits-") as folder:
        return Classifier(write_files(Path(folder), file, contents))
