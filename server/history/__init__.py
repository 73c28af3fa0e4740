"""Readings kept. SQLAlchemy; no Flask, no socket."""
