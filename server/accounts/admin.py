"""The administrator's commands: python -m server users create|reset|disable|enable|list [NAME]

They work on the database, also while the server runs: it notices within a few seconds.
"""

from __future__ import annotations

import argparse
import re
import secrets
from collections.abc import Sequence

from server.accounts.passwords import hash_password
from server.accounts.store import NAME, SHORTEST_NAME, AccountStore, User
from server.database.schema import MAX_NAME_LENGTH
from server.errors import InvalidPayload, NotFound

PASSWORD_BYTES = 12  # 16 characters


def manage(accounts: AccountStore, arguments: Sequence[str]) -> str:
    """Carry out one command; returns what to print. Raises DigitsError."""
    given = _parser().parse_args(arguments)
    if given.command == "list":
        return "\n".join(map(_line, accounts.users())) or "There are no accounts."
    if given.command == "create":
        return _create(accounts, given.name, given.email)
    found = accounts.find(given.name)
    if found is None:
        raise NotFound(f"There is no account {given.name}.")
    return _change(accounts, found[0].name, given.command)


def _create(accounts: AccountStore, name: str, email: str | None) -> str:
    if not re.fullmatch(NAME, name) or not SHORTEST_NAME <= len(name) <= MAX_NAME_LENGTH:
        raise InvalidPayload(
            f"A name has {SHORTEST_NAME} to {MAX_NAME_LENGTH} characters: "
            "letters, digits, . _ - @ +"
        )
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    accounts.create(name, hash_password(password), email)
    return f"Made the account {name}. Its password is {password}"


def _change(accounts: AccountStore, name: str, command: str) -> str:
    if command == "reset":
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        accounts.set_password(name, hash_password(password))
        return f"The password of {name} is now {password}"
    accounts.disable(name, command == "disable")
    return f"The account {name} is {command}d."


def _line(user: User) -> str:
    state = "disabled" if user.disabled else "enabled"
    return f"{user.name}\t{user.email or '-'}\tsince {user.created[:10]}\t{state}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m server users", description="Manage the accounts.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="make an account and print its password")
    create.add_argument("name")
    create.add_argument("--email")
    for command, help in (
        ("reset", "print a new password, and end every session"),
        ("disable", "shut an account out, with its sessions and tokens"),
        ("enable", "let a disabled account in again"),
    ):
        commands.add_parser(command, help=help).add_argument("name")
    commands.add_parser("list", help="show all accounts")
    return parser
