"""Pages for people: HTML with forms. Other programs use `server.http.api`.

A view here validates a form, calls a service and renders a template; nothing else. It must not
decide who may do what, query the database, or know the sockets: services do that for every
transport alike, and tell the sockets through hooks. All routes stand in `routes.py`; what the
templates need stands in `templates.py`.
"""
