"""Inputs of the fuzzer, each determined by a seed and its index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.fuzzing.bombs import BOMBS, make_bomb
from tests.fuzzing.mutations import FOREIGN, MUTATIONS, Generator, Mutation, repair_checksums
from tests.fuzzing.seeds import make_seeds

RANDOM_SHARE, BOMB_SHARE, SEVERAL_SHARE, REPAIRED_SHARE = 0.01, 0.005, 0.15, 0.7


@dataclass(frozen=True)
class Case:
    """Bytes that somebody might upload, and the way they were made."""

    kind: str
    image: bytes


def make_case(seed: int, index: int) -> Case:
    """Make an input: each bomb unchanged first, then damaged pictures and random bytes."""
    if index < len(BOMBS):
        return Case("bomb", make_bomb([*BOMBS][index]))
    generator = np.random.default_rng([seed, index])
    share = generator.random()
    if share < RANDOM_SHARE:
        return Case("random bytes", _random_bytes(generator))
    if share < RANDOM_SHARE + BOMB_SHARE:
        bomb = make_bomb(str(generator.choice([*BOMBS])))
        return Case("damaged bomb", _damage(bomb, [_choose(generator)], generator))
    return _damaged_picture(generator)


def _damaged_picture(generator: Generator) -> Case:
    if generator.random() < SEVERAL_SHARE:
        mutations = [_choose(generator) for _ in range(generator.integers(2, 6))]
        return Case("several", _damage(_picture(generator), mutations, generator))
    mutation = _choose(generator)
    times = int(generator.integers(1, 4))
    kind = mutation.__name__.replace("_", " ")
    return Case(kind, _damage(_picture(generator), [mutation] * times, generator))


def _damage(image: bytes, mutations: list[Mutation], generator: Generator) -> bytes:
    for mutation in mutations:
        image = mutation(image, _picture(generator), generator) or b"\0"
    return repair_checksums(image) if generator.random() < REPAIRED_SHARE else image


def _random_bytes(generator: Generator) -> bytes:
    """Return nothing or random bytes, half of them behind the head of a real file."""
    head = FOREIGN[generator.integers(len(FOREIGN))] if generator.integers(2) else b""
    return head + generator.bytes(generator.integers(5)) * int(generator.integers(2_000))


def _picture(generator: Generator) -> bytes:
    seeds = [*make_seeds().values()]
    return seeds[generator.integers(len(seeds))]


def _choose(generator: Generator) -> Mutation:
    return MUTATIONS[generator.integers(len(MUTATIONS))]
