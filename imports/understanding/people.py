"""Names, e-mail addresses and phone numbers of a row."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number
from phonenumbers import parse as parse_number

from imports.understanding.problems import Wrong


def names(first: str, last: str, whole: str) -> tuple[str, str]:
    """First and last name. A whole name is parted before its last word, or at a comma.

    Raises Wrong where there is none, or it is too long.
    """
    first, last = _tidy(first), _tidy(last)
    if not first and not last:
        first, last = _parted(_tidy(whole))
    if not first:
        first, last = last, ""
    if not first:
        raise Wrong("There is no name.")
    if len(first) > 80 or len(last) > 80:
        raise Wrong(f"The name “{first[:40]}…” is too long: 80 letters each fit.")
    return first, last


def _parted(whole: str) -> tuple[str, str]:
    if "," in whole:
        last, _, first = whole.partition(",")
        return (first.strip(), last.strip()) if first.strip() else (last.strip(), "")
    first, _, last = whole.rpartition(" ")
    return (first, last) if first else (last, "")


def _tidy(name: str) -> str:
    return " ".join(name.split())


def email(text: str) -> str:
    """As it is. Raises Wrong for what is no address."""
    try:
        if len(text) > 254:
            raise ValidationError("")
        validate_email(text)
    except ValidationError as invalid:
        raise Wrong(f"“{text[:80]}” is no e-mail address.") from invalid
    return text


def phone(text: str) -> str:
    """As clients keep it, +12125550142; "" for what is no number of anybody."""
    try:
        number = parse_number(text, settings.PHONENUMBER_DEFAULT_REGION)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else ""
