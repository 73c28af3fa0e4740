"""Forms of the pages, each validated with its CSRF token by Flask-WTF."""

from __future__ import annotations

import flask
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from server.accounts.passwords import is_common
from server.accounts.records import MIN_NAME_LENGTH, NAME_PATTERN
from server.database.schema import MAX_EMAIL_LENGTH, MAX_LABEL_LENGTH, MAX_NAME_LENGTH

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 200

NAME_RULE = Regexp(
    rf"{NAME_PATTERN}\Z",
    message="Use letters, digits and . _ - @ + only, and begin with a letter or digit.",
)
EMAIL_RULE = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="Enter a valid e-mail address.")


def _required(what: str) -> InputRequired:
    return InputRequired(message=f"Enter {what}.")


def _length(minimum: int, maximum: int) -> Length:
    return Length(minimum, maximum, message=f"Use {minimum} to {maximum} characters.")


def _name_field() -> StringField:
    length = _length(MIN_NAME_LENGTH, MAX_NAME_LENGTH)
    return StringField("Name", [_required("a name"), length, NAME_RULE], filters=[_strip])


def _new_password_field(label: str) -> PasswordField:
    length = _length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH)
    return PasswordField(
        label,
        [_required("a password"), length, _reject_common],
        description=f"At least {MIN_PASSWORD_LENGTH} characters.",
    )


def _reject_common(_form: FlaskForm, field: Field) -> None:
    if is_common(field.data):
        raise ValidationError("Many people have this password: it is guessed first. Use another.")


def _password_field(label: str) -> PasswordField:
    return PasswordField(label, [_required("the password"), Length(max=MAX_PASSWORD_LENGTH)])


def _strip(text: str | None) -> str | None:
    """Strip a text, and show NUL as a sign that names cannot have: databases do not keep it."""
    return text.strip().replace("\0", "\ufffd") if text else text


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """A new account; `take_along` moves the guest's public entries into it."""

    username = _name_field()
    password = _new_password_field("Password")
    email = EmailField(
        "E-mail (optional)",
        [Optional(), Length(max=MAX_EMAIL_LENGTH), EMAIL_RULE],
        filters=[_strip],
        description="Visible to the administrator only, who can reset your password.",
    )
    remember = BooleanField("Stay signed in on this device")
    take_along = BooleanField()

    def validate_password(self, field: Field) -> None:
        """Raise ValidationError for a password that is the name, in any case."""
        if field.data.casefold() == (self.username.data or "").casefold():
            raise ValidationError("The password must differ from the name.")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Name and password; `remember` keeps the session when the browser is closed."""

    username = StringField(
        "Name", [_required("your name"), Length(max=MAX_NAME_LENGTH)], filters=[_strip]
    )
    password = _password_field("Password")
    remember = BooleanField("Stay signed in on this device")


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The current and the new password; tokens end with the old one unless they are kept."""

    password = _password_field("Current password")
    new_password = _new_password_field("New password")
    keep_tokens = BooleanField("Keep the tokens of my programs")


class NewTokenForm(FlaskForm):  # type: ignore[misc]
    """The label of a new token."""

    label = StringField(
        "Token name", [_required("a name"), _length(1, MAX_LABEL_LENGTH)], filters=[_strip]
    )


class DeleteAccountForm(FlaskForm):  # type: ignore[misc]
    """The password, which confirms the deletion."""

    password = _password_field("Password")


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """A button: nothing but the CSRF token, which only a page of this site has."""


def first_error(form: FlaskForm) -> str:
    """Return an error of an invalid form as a sentence: the CSRF token's, or the first field's."""
    if "csrf_token" in form.errors:
        return _csrf_error()
    name, errors = next(iter(form.errors.items()))
    return f"{form[name].label.text}: {errors[0]}"


def _csrf_error() -> str:
    """Return the cause of a failed CSRF check: no cookie at all, or one of another session."""
    if flask.current_app.config["SESSION_COOKIE_NAME"] not in flask.request.cookies:
        return "Sign-in needs cookies. Allow cookies for this site and try again."
    return "This page has expired. Please submit the form again."
