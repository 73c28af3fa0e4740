"""Uploads of a ZIP: the archive of a history, or pictures with what is written on them.

All of it is read in memory and within bounds; no name in it becomes a path. What was imported
before is known by its id, so that an import may be repeated.
"""
