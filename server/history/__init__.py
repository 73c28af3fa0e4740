"""Entries: stored, found, and guarded by the rules of access.

Each store method is one short transaction on the database that it is given. No Flask, no socket and
no threads here: whoever calls decides where a call runs. Each change is noted in a journal
(journal.py), for those who watch. access.py alone decides whose an entry is.
"""
