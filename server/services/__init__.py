"""Use cases: what a client may ask for, and the one table of it (operations.py).

No Flask and no Socket.IO here: HTTP and sockets call the same use cases, and unit tests call them
with fakes. A use case gets a checked payload and the visitor who sent it; it returns an answer of
the contract, and tells other clients through the Publisher it was given.
"""
