"""Names of browsers and systems in User-Agent headers (RFC 9110, section 10.1.5)."""

from __future__ import annotations

# The first match wins: Edge and Opera also claim to be Chrome, and Chrome to be Safari.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def describe_user_agent(user_agent: str) -> str:
    """Return a short description such as "Firefox on Linux"; an unknown User-Agent as it is.

    A description is not described again.
    """
    if not user_agent.startswith("Mozilla/"):  # as those of all browsers do
        return user_agent or "Unknown device"
    browser, system = _first_match(BROWSERS, user_agent), _first_match(SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent


def _first_match(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
