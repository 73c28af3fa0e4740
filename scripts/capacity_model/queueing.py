"""Latency by the models of the textbooks.

M. Harchol-Balter, Performance Modeling and Design of Computer Systems, 2013: chapter 13 for the
M/M/1 queue, chapter 7 for closed systems. A page stays with its process, so that each process is a
queue of its own, and not one of the servers of an M/M/c queue.
"""

from __future__ import annotations

from math import log


def mm1_ms(service_ms: float, utilization: float, share: float) -> float:
    """Return the time within which this share of the requests are answered.

    The time in an M/M/1 queue is exponential with the mean service / (1 - utilization). Raises
    ValueError for a utilization of 1 or more: the queue grows without end.
    """
    if not 0 <= utilization < 1:
        raise ValueError(f"A utilization of {utilization:g} is not from 0 to less than 1.")
    return -log(1 - share) * service_ms / (1 - utilization)


def closed_ms(clients: int, per_second: float) -> float:
    """Return the mean latency if every client waits for its answer and sends at once again.

    It is the response time law without think time: N = X R.
    """
    return clients * 1000 / per_second
