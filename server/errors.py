"""The tree of errors that a request can end with.

DigitsError
├── InvalidPayload    invalid_payload   400   the message breaks the contract
├── UnreadableImage   unreadable_image  415   the file is not a picture of a known format
├── ImageTooLarge     image_too_large   413   too many bytes or pixels
├── NoInk             no_ink            422   nothing is written on the picture
├── NotFound          not_found         404   no such entry or page
├── Forbidden         forbidden         403   another's entry, a foreign origin, a full history
├── SignInRequired    sign_in_required  401   guests are not allowed, or the session has ended
├── RateLimited       rate_limited      429   too many requests
├── Unavailable       unavailable       503   the history cannot be reached or written now
└── Internal          internal          500   a bug; the log has the rest under an id

Each class carries its `code` and HTTP `status`; each error a message fit for a user.
ConfigurationError stands apart: it stops the start or an operator's command; there is no request.
"""

from typing import ClassVar


class ConfigurationError(Exception):
    """A bad setting, model or database. The message names it and says what to do."""


class DigitsError(Exception):
    """A request that failed. The message may be shown to the user as it is."""

    code: ClassVar[str]
    status: ClassVar[int]

    @property
    def message(self) -> str:
        return str(self)

    @property
    def headers(self) -> dict[str, str]:
        """Return further headers of the HTTP response."""
        return {}


class InvalidPayload(DigitsError):
    code = "invalid_payload"
    status = 400


class UnreadableImage(DigitsError):
    code = "unreadable_image"
    status = 415


class ImageTooLarge(DigitsError):
    code = "image_too_large"
    status = 413


class NoInk(DigitsError):
    code = "no_ink"
    status = 422


class NotFound(DigitsError):
    code = "not_found"
    status = 404


class Forbidden(DigitsError):
    code = "forbidden"
    status = 403


class SignInRequired(DigitsError):
    code = "sign_in_required"
    status = 401

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class RateLimited(DigitsError):
    code = "rate_limited"
    status = 429

    def __init__(self, reason: str, retry_after_s: int) -> None:
        seconds = "a second" if retry_after_s == 1 else f"{retry_after_s} seconds"
        super().__init__(f"{reason} Try again in {seconds}.")
        self._retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self._retry_after_s)}


class Unavailable(DigitsError):
    code = "unavailable"
    status = 503


class Internal(DigitsError):
    code = "internal"
    status = 500
