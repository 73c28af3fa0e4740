"""Socket.IO: events bound from the table of operations, connections, and events published.

Only this folder knows Socket.IO. It calls services and never http; http never calls it. What must
happen on both sides (sockets close when a session ends) goes through a hook that app.py wires.
"""
