"""Mutations that damage a picture file. Each takes the file, another one and a generator."""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np

from tests.fuzzing.seeds import PNG_SIGNATURE, chunk

Generator = np.random.Generator
Mutation = Callable[[bytes, bytes, Generator], bytes]

BYTES = (0, 1, 2, 4, 8, 16, 32, 64, 127, 128, 192, 254, 255)
NUMBERS = (0, 1, 2, 255, 256, 0x3FFF, 0x7FFF, 0x8000, 0xFFFF, 0xFFFFFF, 0x7FFFFFFF, 0x80000000,
           0xFFFFFFFE, 0xFFFFFFFF)  # fmt: skip
FOREIGN = (
    b"GIF89a/*", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", b"PK\x03\x04\x14\0\0\0\0\0",
    b"PK\x05\x06" + bytes(18), b"<!DOCTYPE html><script>alert(1)</script>", b"*/=1;alert(1)//",
    b"\x7fELF\x02\x01\x01", b"MZ\x90\0", b"#!/bin/sh\n", b"<?xml version='1.0'?><svg/>",
    b"RIFF\xff\xff\xff\xffWEBP", b"BM", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"\xff\xd8\xff\xe0",
    PNG_SIGNATURE, b"\0\0\0\x18ftypheic",
)  # fmt: skip


def truncate(file: bytes, _: bytes, generator: Generator) -> bytes:
    return file[: _place(file, generator)]


def flip_bits(file: bytes, _: bytes, generator: Generator) -> bytes:
    flipped = bytearray(file)
    for place in generator.integers(len(file), size=generator.integers(1, 9)):
        flipped[place] ^= 1 << int(generator.integers(8))
    return bytes(flipped)


def set_byte(file: bytes, _: bytes, generator: Generator) -> bytes:
    return _overwrite(file, bytes([generator.choice(BYTES)]), generator)


def set_number(file: bytes, _: bytes, generator: Generator) -> bytes:
    """Replace two, three or four bytes by a number at a limit, in either byte order."""
    length = int(generator.integers(2, 5))
    number = int(generator.choice(NUMBERS)) & ((1 << 8 * length) - 1)
    return _overwrite(file, number.to_bytes(length, _order(generator)), generator)


def change_number(file: bytes, _: bytes, generator: Generator) -> bytes:
    """Change a number of two or four bytes a little, or multiply or halve it."""
    length, order = int(generator.choice([2, 4])), _order(generator)
    place = _place(file, generator)
    number = int.from_bytes(file[place : place + length], order)
    changed = generator.choice([number + 1, number - 1, number * 2, number * 256, number // 2])
    written = (int(changed) % (1 << 8 * length)).to_bytes(length, order)
    return file[:place] + written + file[place + length :]


def delete(file: bytes, _: bytes, generator: Generator) -> bytes:
    start, end = _block(file, generator)
    return file[:start] + file[end:]


def duplicate(file: bytes, _: bytes, generator: Generator) -> bytes:
    start, end = _block(file, generator)
    return file[:start] + file[start:end] * int(generator.integers(2, 33)) + file[end:]


def insert(file: bytes, _: bytes, generator: Generator) -> bytes:
    place = _place(file, generator)
    return file[:place] + generator.bytes(generator.integers(1, 65)) + file[place:]


def swap(file: bytes, _: bytes, generator: Generator) -> bytes:
    first, second, third, fourth = np.sort(generator.integers(len(file) + 1, size=4)).tolist()
    return (
        file[:first] + file[third:fourth] + file[second:third] + file[first:second] + file[fourth:]
    )


def overwrite(file: bytes, other: bytes, generator: Generator) -> bytes:
    """Overwrite bytes with a block of another file."""
    start, end = _block(other, generator)
    return _overwrite(file, other[start:end], generator)


def splice(file: bytes, other: bytes, generator: Generator) -> bytes:
    """Join the head of one file and the tail of another."""
    return file[: _place(file, generator)] + other[_place(other, generator) :]


def add_head(file: bytes, _: bytes, generator: Generator) -> bytes:
    """Put the head of another kind of file before the picture, or over its own head."""
    head = FOREIGN[generator.integers(len(FOREIGN))]
    return head + file[len(head) * int(generator.integers(2)) :]


def add_tail(file: bytes, other: bytes, generator: Generator) -> bytes:
    """Append the head of another kind of file, and another picture."""
    return file + FOREIGN[generator.integers(len(FOREIGN))] + other


def claim_size(file: bytes, _: bytes, generator: Generator) -> bytes:
    """Write a large number where the width or the height seems to be."""
    width = int(generator.choice([5_000, 30_000, 65_535, 2**24 - 1, 2**31 - 1]))
    wanted = [form for form in _numbers(48) + _numbers(96) + _numbers(128) if form in file]
    if not wanted:
        return set_number(file, b"", generator)
    form = wanted[generator.integers(len(wanted))]
    order = "big" if form[0] == 0 else "little"
    huge = (width % (1 << 8 * len(form))).to_bytes(len(form), order)  # type: ignore[arg-type]
    return file.replace(form, huge, int(generator.integers(1, 5)))


MUTATIONS: tuple[Mutation, ...] = (
    truncate, flip_bits, set_byte, set_number, change_number, delete, duplicate, insert, swap,
    overwrite, splice, add_head, add_tail, claim_size,
)  # fmt: skip


def repair_checksums(file: bytes) -> bytes:
    """Repair the checksums of a damaged PNG, so that it is not rejected at once."""
    if not file.startswith(PNG_SIGNATURE):
        return file
    repaired, place = PNG_SIGNATURE, len(PNG_SIGNATURE)
    while place + 12 <= len(file):
        length = int.from_bytes(file[place : place + 4])
        repaired += chunk(file[place + 4 : place + 8], file[place + 8 : place + 8 + length])
        place += 12 + length
    return repaired + file[place:]


def _numbers(number: int) -> list[bytes]:
    return [struct.pack(form, number) for form in ("<H", ">H", "<I", ">I")]


def _order(generator: Generator) -> str:
    return "big" if generator.integers(2) else "little"


def _place(file: bytes, generator: Generator) -> int:
    """Return a place in a file; every other time in its first hundred bytes."""
    reach = len(file) if generator.integers(2) else min(len(file), 100)
    return int(generator.integers(reach + 1))


def _block(file: bytes, generator: Generator) -> tuple[int, int]:
    start = _place(file, generator)
    return start, start + int(generator.choice([1, 2, 4, 12, 40, 200, 1000]))


def _overwrite(file: bytes, block: bytes, generator: Generator) -> bytes:
    place = _place(file, generator)
    return file[:place] + block + file[place + len(block) :]
