"""Bytes per address."""

from __future__ import annotations

from server.limits.byte_budget import ByteBudget


def test_add_says_when_an_address_is_over() -> None:
    budget = ByteBudget(10)
    assert budget.add("192.0.2.1", 10)
    assert not budget.add("192.0.2.1", 1)
    assert budget.add("192.0.2.2", 10)


def test_remove_makes_room() -> None:
    budget = ByteBudget(10)
    budget.add("192.0.2.1", 10)
    budget.remove("192.0.2.1", 5)
    assert budget.add("192.0.2.1", 5)


def test_addresses_of_one_host_share_a_budget() -> None:
    budget = ByteBudget(10)
    budget.add("2001:db8::1", 10)
    assert not budget.add("2001:db8::2", 1)
