"""Metrics and logs: the operator's view from outside. Everything may import it."""
