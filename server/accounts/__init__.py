"""Accounts: who is asking, and how they prove it."""
