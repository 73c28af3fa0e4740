"""The database: engine, schema and migrations, shared by accounts and history.

Nothing here knows what the tables are used for. All tables are in schema.py, so that one migration
history and one transaction can span them.
"""
