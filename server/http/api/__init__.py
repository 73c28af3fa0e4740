"""The HTTP API: routes and their OpenAPI description, both made from the table of operations.

No route is declared here by hand: add a row to services/operations.py.
"""
