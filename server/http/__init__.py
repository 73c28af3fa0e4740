"""HTTP: middleware, security headers, error responses; `api/` for programs, `pages/` for people.

Views translate: they read a request, call a service, and render its answer. No database and no
recognition here, and nothing of sockets: app.py wires the two sides.
"""
