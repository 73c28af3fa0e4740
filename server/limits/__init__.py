"""Limits on what an address or an account may use, counted in memory or, together, in Redis.

Nothing here knows a request, a socket or an event: whoever meets a client counts it here.
"""
