"""Random scenes: a picture of handwriting, and the ink that is on it."""

from __future__ import annotations

import cv2
import numpy as np

from model.paper import camera, surface
from model.paper.camera import Pixels
from model.paper.pens import pick_chalk, pick_cursor, pick_pen, write_on
from model.paper.prints import print_on
from model.paper.sheet import Sheet
from model.paper.writing import Floats, Hands, to_float32

Scene = tuple[Pixels, Pixels]  # a picture [S, S, 3], and its ink [S, S], 0 to 255

SIDES_PX = {160: 0.5, 224: 0.35, 320: 0.15}  # of the scenes, with their shares
KINDS = {"photo": 0.64, "scan": 0.18, "export": 0.10, "board": 0.08}
BLANK_SHARE = 0.14  # of the scenes: nothing is written
HEIGHTS_PX = (9, 160)  # of a digit
ZOOMED_SHARE, ZOOMS = 0.2, (1.2, 4)  # of the scenes: small ones, enlarged
DESK_SHARE = 0.28  # of the photos
OBJECT_SHARE = 0.06  # of the photos: a finger or a pen lies on the paper
TILTED_SHARE = 0.7  # of the photos
CREASED_SHARE, STAINED_SHARE = 0.2, 0.08
WHITEBOARD_SHARE = 0.4  # of the boards
BINARY_SHARE = 0.25  # of the scans: black and white without gray
JAGGED_SHARE = 0.35  # of the exports: without soft edges


def make_scenes(hands: Hands, count: int, seed: int) -> list[Scene]:
    """Return pictures [S, S, 3] of several sides S, each with its ink [S, S], 0 to 255."""
    rng = np.random.default_rng(seed)
    sides = rng.choice([*SIDES_PX], p=[*SIDES_PX.values()], size=count).tolist()
    return [make_scene(hands, side, rng) for side in sides]


def make_scene(hands: Hands, side_px: int, rng: np.random.Generator) -> Scene:
    """Return a scene [side, side] of a random kind."""
    kind = str(rng.choice([*KINDS], p=[*KINDS.values()]))
    height_px = float(np.exp(rng.uniform(*np.log(HEIGHTS_PX))))
    zoom = float(rng.uniform(*ZOOMS)) if rng.uniform() < ZOOMED_SHARE else 1.0
    seen_px = round(side_px / zoom)
    picture, ink = MAKERS[kind](hands, (seen_px, seen_px), height_px / zoom, rng)
    levels = np.asarray(np.clip(ink * 255 + 0.5, 0, 255), dtype=np.uint8)
    pixels, size = camera.encode(picture, rng), (side_px, side_px)
    if zoom == 1:
        return pixels, levels
    enlarged = cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC)
    inked = cv2.resize(levels, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(enlarged, dtype=np.uint8), np.asarray(inked, dtype=np.uint8)


def _photograph(
    hands: Hands, shape: tuple[int, int], height_px: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return a photo of paper, 0 to 1, and its ink."""
    color = rng.uniform(0.7, 0.95) * (1 - rng.uniform(0, 0.25) * rng.uniform(0, 1, 3))
    roughness = rng.uniform(0, 0.03) if rng.uniform() < 0.8 else rng.uniform(0.03, 0.07)
    sheet = _lay_out(surface.make_paper(shape, to_float32(color), roughness, rng), height_px, rng)
    if rng.uniform() < CREASED_SHARE:
        surface.add_creases(sheet.reflectance, rng)
    if rng.uniform() < STAINED_SHARE:
        surface.add_stains(sheet.reflectance, rng)
    cells = print_on(sheet)
    if rng.uniform() > BLANK_SHARE:
        write_on(sheet, hands, cells, pick_pen(sheet))
    reflectance, ink = _tilt(sheet)
    if rng.uniform() < DESK_SHARE:
        desk = surface.desk_mask(shape, rng)
        ground = surface.make_desk(shape, rng)
        reflectance, ink = reflectance + desk[..., None] * (ground - reflectance), ink * (1 - desk)
    if rng.uniform() < OBJECT_SHARE:
        ink = ink * (1 - surface.add_object(reflectance, rng))
    return _shoot(reflectance, height_px, rng), ink


def _photograph_board(
    hands: Hands, shape: tuple[int, int], height_px: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return a photo of a whiteboard or a blackboard, 0 to 1, and its ink."""
    is_white = rng.uniform() < WHITEBOARD_SHARE
    color = rng.uniform(0.8, 0.95, 3)
    if not is_white:
        color = rng.uniform(0.04, 0.3) * rng.uniform(0.6, 1, 3)
    roughness = rng.uniform(0, 0.015 if is_white else 0.12)
    sheet = _lay_out(surface.make_paper(shape, to_float32(color), roughness, rng), height_px, rng)
    if rng.uniform() > BLANK_SHARE:
        write_on(sheet, hands, None, pick_pen(sheet) if is_white else pick_chalk(sheet))
    reflectance, ink = _tilt(sheet)
    return _shoot(reflectance, height_px, rng), ink


def _tilt(sheet: Sheet) -> tuple[Floats, Floats]:
    if sheet.rng.uniform() > TILTED_SHARE:
        return sheet.reflectance, sheet.ink
    reflectance, ink = camera.warp_sheet([sheet.reflectance, sheet.ink], 5, 0.02, sheet.rng)
    return reflectance, ink


def _shoot(reflectance: Floats, height_px: float, rng: np.random.Generator) -> Floats:
    light = surface.make_light((reflectance.shape[0], reflectance.shape[1]), rng)
    picture = camera.expose(to_float32(reflectance), light, rng)
    sharpest_px = min(0.35 + 0.03 * height_px, 2.2)
    picture = camera.blur(picture, float(rng.uniform(0, sharpest_px)), rng)
    deviation = rng.uniform(0, 6) if rng.uniform() < 0.75 else rng.uniform(6, 14)
    return camera.add_noise(picture, float(deviation), rng)


def _scan(
    hands: Hands, shape: tuple[int, int], height_px: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return a scan of a form, 0 to 1, and its ink."""
    paper = np.full((*shape, 3), rng.uniform(0.93, 1), np.float32)
    sheet = _lay_out(paper, height_px, rng)
    cells = print_on(sheet)
    if rng.uniform() > BLANK_SHARE:
        write_on(sheet, hands, cells, pick_pen(sheet))
    reflectance, ink = sheet.reflectance, sheet.ink
    if rng.uniform() < 0.5:
        reflectance, ink = camera.warp_sheet([reflectance, ink], 1, 0.002, rng)
    picture = camera.blur(reflectance, float(rng.uniform(0, 0.9)), rng)
    picture = camera.add_noise(picture, float(rng.uniform(0, 4)), rng)
    if rng.uniform() < BINARY_SHARE:
        white = picture.mean(axis=2, keepdims=True) > rng.uniform(0.6, 0.85)
        return np.repeat(to_float32(white), 3, axis=2), ink
    contrast, brightness = np.float32(rng.uniform(1, 1.6)), np.float32(rng.uniform(0.5, 0.65))
    return (picture - np.float32(0.5)) * contrast + brightness, ink


def _export(
    hands: Hands, shape: tuple[int, int], height_px: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return a drawing as a program saves it, 0 to 1, of either polarity, and its ink."""
    color = np.ones(3) if rng.uniform() < 0.7 else rng.uniform(0.75, 1, 3)
    sheet = _lay_out(np.ones((*shape, 3), np.float32) * to_float32(color), height_px, rng)
    pen = pick_cursor(sheet)
    if rng.uniform() > BLANK_SHARE:
        write_on(sheet, hands, None, pen)
    picture = sheet.reflectance
    if rng.uniform() < JAGGED_SHARE:
        picture = np.where((sheet.ink > 0.5)[..., None], pen.color, to_float32(color))
    if rng.uniform() < 0.5:
        picture = 1 - picture
    if rng.uniform() < 0.3:
        picture = camera.blur(picture, float(rng.uniform(0.2, 1.2)), rng)
    return to_float32(picture), sheet.ink


MAKERS = {
    "photo": _photograph, "scan": _scan, "export": _export, "board": _photograph_board,
}  # fmt: skip


def _lay_out(paper: Floats, height_px: float, rng: np.random.Generator) -> Sheet:
    return Sheet(paper, np.zeros(paper.shape[:2], np.float32), height_px, rng)
