"""The administrator's commands: python -m server users create|reset|disable|enable|list [NAME]

They change the database, also while the server runs: it follows within a few seconds.
"""

from __future__ import annotations

import argparse
import re
import secrets
from collections.abc import Sequence

from server.accounts.passwords import hash_password
from server.accounts.records import MIN_NAME_LENGTH, NAME_PATTERN, User
from server.accounts.store import AccountStore
from server.database.schema import MAX_NAME_LENGTH
from server.errors import InvalidPayload, NotFound

PASSWORD_BYTES = 12  # 16 characters


def manage(accounts: AccountStore, arguments: Sequence[str]) -> str:
    """Carry out one command and return its output. Raises DigitsError."""
    options = _parser().parse_args(arguments)
    if options.command == "list":
        return "\n".join(map(_line, accounts.users())) or "There are no accounts."
    if options.command == "create":
        return _create(accounts, options.name, options.email)
    found = accounts.find(options.name)
    if found is None:
        raise NotFound(f"There is no account {options.name}.")
    return _change(accounts, found.user.name, options.command)


def _create(accounts: AccountStore, name: str, email: str | None) -> str:
    _refuse_bad_name(name)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    accounts.create(name, hash_password(password), email)
    return f"Account {name} created. Password: {password}"


def _refuse_bad_name(name: str) -> None:
    if not re.fullmatch(NAME_PATTERN, name) or not MIN_NAME_LENGTH <= len(name) <= MAX_NAME_LENGTH:
        raise InvalidPayload(
            f"A name must have {MIN_NAME_LENGTH} to {MAX_NAME_LENGTH} characters, letters, digits "
            "and . _ - @ + only, and begin with a letter or digit."
        )


def _change(accounts: AccountStore, name: str, command: str) -> str:
    if command == "reset":
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        accounts.set_password(name, hash_password(password))
        return f"Password of {name} reset. New password: {password}"
    accounts.disable(name, command == "disable")
    return f"Account {name} {command}d."


def _line(user: User) -> str:
    state = "disabled" if user.disabled else "enabled"
    return f"{user.name}\t{user.email or '-'}\tsince {user.created[:10]}\t{state}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m server users", description="Manage accounts.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    create = commands.add_parser("create", help="create an account and print its password")
    create.add_argument("name")
    create.add_argument("--email")
    for command, help in (
        ("reset", "set and print a new password, and end all sessions and tokens"),
        ("disable", "disable an account, and end its sessions and tokens"),
        ("enable", "enable a disabled account"),
    ):
        commands.add_parser(command, help=help).add_argument("name")
    commands.add_parser("list", help="list all accounts")
    return parser
