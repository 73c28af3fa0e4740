"""A soak: clients of every kind use a server for a while, and faults strike it at random."""
