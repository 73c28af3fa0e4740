"""Models as versions: those that were added, which of them serves, and the `models` command.

A version is the networks that read digits and lines, with their cards, under a name that is made
from their digests. They are kept in the database, so that every server of it can serve them. The
network that finds ink on photos stays the program's own.
"""
