"""Accounts: users, their keys (sessions and tokens), and the visitor who makes a request.

Only `identity.py` knows Flask: it turns a request into a `Visitor`. The rest must stay free of it,
so that use cases, the admin commands and the tests can work with accounts without a web server.
Pages and sockets go through `AccountService`; only the admin commands use the store directly.
"""
