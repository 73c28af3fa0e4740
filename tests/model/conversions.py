"""Keras files of many kinds and their conversions, run by the Python that has Keras.

    python tests/model/conversions.py FOLDER

Prints a JSON object with the card or the error of each file. One process makes all files, since
importing TensorFlow takes longer than all conversions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import keras
from keras import layers

from model.card import read_card
from model.convert import UnsupportedModel, convert, convert_line
from model.network import build_line

KERAS_2 = Path(__file__).with_name("keras2.h5")  # saved by tf-keras 2.21 after an Adam step


def classifier(
    shape: tuple[int, ...], activation: str | None = "softmax", outputs: int = 10
) -> keras.Model:
    x = inputs = keras.Input(shape)
    if len(shape) > 1:
        x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(outputs, activation)(x))


def two_inputs() -> keras.Model:
    inputs = [keras.Input((784,)), keras.Input((784,))]
    return keras.Model(inputs, layers.Dense(10)(layers.Add()(inputs)))


def sequential() -> keras.Model:
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Dropout(0.5),
        layers.BatchNormalization(), layers.Flatten(), layers.Dense(10, "softmax"),
    ])  # fmt: skip


MODELS: dict[str, Callable[[], keras.Model]] = {
    "sequential.keras": sequential,
    "sequential.h5": sequential,
    "square.keras": lambda: classifier((28, 28)),
    "flat_logits.h5": lambda: classifier((784,), activation=None),
    "large.keras": lambda: classifier((32, 32, 1)),
    "color.h5": lambda: classifier((28, 28, 3)),
    "letters.keras": lambda: classifier((784,), outputs=26),
    "two_inputs.keras": two_inputs,
}


def main(folder: Path) -> None:
    for name, build in MODELS.items():
        model = build()
        model.compile("adam", "mse")
        model.save(folder / name)
    (folder / "text.keras").write_text("not a model")
    (folder / "model.pt").write_bytes(b"another framework")
    (folder / "old.h5").write_bytes(KERAS_2.read_bytes())
    names = [*MODELS, "text.keras", "model.pt", "absent.keras", "old.h5"]
    outcomes = {name: try_convert(folder / name) for name in names}
    outcomes["line.keras"] = {"card": convert_random_line(folder / "line.keras")}
    print(json.dumps(outcomes))


def convert_random_line(source: Path) -> dict[str, object]:
    build_line(dropout=0, batch_norm_momentum=0.9).save(source)
    convert_line(source, source.with_suffix(".onnx"), temperature=2)
    return read_card(source.with_suffix(".onnx"))


def try_convert(source: Path) -> dict[str, object]:
    output = source.with_name(f"{source.name}.onnx")
    try:
        return {"card": convert(source, output), "onnx": str(output)}
    except UnsupportedModel as error:
        return {"error": str(error)}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
