"""The forms of accounts, checked with their CSRF token by Flask-WTF."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from server.accounts.store import NAME, SHORTEST_NAME
from server.database.schema import MAX_EMAIL_LENGTH, MAX_LABEL_LENGTH, MAX_NAME_LENGTH

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200

NAME_RULE = Regexp(
    rf"{NAME}\Z",
    message="A name has letters, digits and . _ - @ + in it, and begins with a letter or digit.",
)
EMAIL_RULE = Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="This is no e-mail address.")


def _required(what: str) -> InputRequired:
    return InputRequired(message=f"{what} is missing.")


def _length(least: int, most: int) -> Length:
    return Length(least, most, message=f"It must have {least} to {most} characters.")


def _name_field() -> StringField:
    bounds = _length(SHORTEST_NAME, MAX_NAME_LENGTH)
    return StringField("Name", [_required("The name"), bounds, NAME_RULE], filters=[_strip])


def _new_password_field(label: str) -> PasswordField:
    bounds = _length(SHORTEST_PASSWORD, LONGEST_PASSWORD)
    return PasswordField(label, [_required("The password"), bounds])


def _password_field(label: str) -> PasswordField:
    return PasswordField(label, [_required("The password"), Length(max=LONGEST_PASSWORD)])


def _strip(text: str | None) -> str | None:
    return text.strip() if text else text


class SignUp(FlaskForm):  # type: ignore[misc]
    username = _name_field()
    password = _new_password_field("Password")
    email = EmailField(
        "E-mail (optional)",
        [Optional(), Length(max=MAX_EMAIL_LENGTH), EMAIL_RULE],
        filters=[_strip],
    )
    remember = BooleanField("Stay signed in on this device")
    take_along = BooleanField()

    def validate_password(self, field: Field) -> None:
        if field.data.casefold() == (self.username.data or "").casefold():
            raise ValidationError("The name itself is no password.")


class SignIn(FlaskForm):  # type: ignore[misc]
    username = StringField("Name", [_required("The name"), Length(max=MAX_NAME_LENGTH)])
    password = _password_field("Password")
    remember = BooleanField("Stay signed in on this device")


class ChangePassword(FlaskForm):  # type: ignore[misc]
    password = _password_field("Password now")
    new_password = _new_password_field("New password")


class NewToken(FlaskForm):  # type: ignore[misc]
    label = StringField(
        "What it is for", [_required("The name"), _length(1, MAX_LABEL_LENGTH)], filters=[_strip]
    )


class DeleteAccount(FlaskForm):  # type: ignore[misc]
    password = _password_field("Password")


class Confirm(FlaskForm):  # type: ignore[misc]
    """A button that only a page of ours can press."""


def first_error(form: Any) -> str:
    """What is wrong with a form that was refused, as a sentence with the field's name."""
    for name, errors in form.errors.items():
        field = getattr(form, name or "", None)
        if name == "csrf_token" or field is None:
            return "This page was open too long. Send it again."
        return f"{field.label.text}: {errors[0]}"
    return "Send the form again."
