"""The lines of an account's log as sentences."""

from __future__ import annotations

from server.accounts.records import EventName, LogLine
from server.accounts.user_agents import describe_user_agent

ONE: dict[EventName, str] = {
    "created": "Account created",
    "signed_in": "Signed in",
    "wrong_password": "Wrong password",
    "signed_out": "Signed out",
    "session_ended": "Session ended: {detail}",
    "sessions_ended": "Another session ended",
    "password_changed": "Password changed",
    "password_reset": "Password reset",
    "token_created": "Token {detail} created",
    "token_revoked": "Token {detail} revoked",
    "downloaded": "Everything downloaded",
    "taken_along": "1 reading of this browser taken along",
    "disabled": "Account disabled",
    "enabled": "Account enabled",
}
SEVERAL: dict[EventName, str] = {
    "wrong_password": "{times} wrong passwords",
    "sessions_ended": "{times} other sessions ended",
    "downloaded": "Everything downloaded {times} times",
    "taken_along": "{times} readings of this browser taken along",
}


def describe_event(line: LogLine) -> str:
    """Return what happened, such as "3 wrong passwords"."""
    sentence = ONE[line.event] if line.times == 1 else SEVERAL[line.event]
    return sentence.format(times=line.times, detail=describe_user_agent(line.detail))


def describe_source(line: LogLine) -> str:
    """Return where it came from, such as "Firefox on Linux, 192.0.2.7"."""
    if not line.address:
        return "The operator"
    last = "Last: " if line.event == "wrong_password" and line.times > 1 else ""
    token = f" with the token {line.detail}" if line.event == "downloaded" and line.detail else ""
    return f"{last}{line.agent}{token}, {line.address}"
