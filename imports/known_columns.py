"""What columns mean: our fields, and the headers under which other programs export them.

docs/books.md says how sure these are.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

FIELDS = {
    "first_name": "First name",
    "last_name": "Last name",
    "name": "Full name",
    "email": "E-mail",
    "phone": "Phone",
    "other_phone": "Another phone",
    "note": "Note",
    "balance": "Account balance",
    "expires_on": "Balance expires on",
    "reference": "Their number in the other program",
}
"""What a column can be, with its words. A column that is none of them is ignored ("")."""

ONCE = [field for field in FIELDS if field not in ("other_phone", "note")]
"""Fields that one column at most can be. Several notes are put under each other."""

HEADERS = {
    "first_name": "first name, first, given name, forename, client first name, customer first name",
    "last_name": "last name, last, surname, family name, client last name, customer last name",
    "name": "name, full name, client, client name, customer, customer name, guest name, "
    "account balance client name",
    "email": "email, e mail, email address, e mail address, client email, customer email",
    "phone": "mobile phone, mobile, mobile number, cell phone, cell, cell number, phone, "
    "phone number, primary phone, client phone, customer phone, mobile phone number",
    "other_phone": "telephone, home phone, home, work phone, day phone, night phone, "
    "alternate phone, secondary phone, additional phone, other phone, phone 2",
    "note": "note, notes, client note, client notes, customer notes, memo, comments, staff alert, "
    "important client info",
    "balance": "account balance, client account balance, balance, account credit, credit balance, "
    "account credit balance, credits, credit, store credit, store credit balance, "
    "current balance, remaining balance, prepaid balance, "
    "account balance liabilities",
    "expires_on": "balance expires on, expires on, expires, expiry, expiry date, expiration, "
    "expiration date, balance expiry, credit expires",
    "reference": "client id, customer id, reference id, external id, square customer id, id, "
    "client number, customer number, reference",
}
"""For each field its headers, in plain form, parted by commas; the likeliest first."""

PRODUCTS = {
    "Mangomint": "client account balance, first name, last name, mobile phone, client notes",
    "Boulevard": "account balance client name, account balance liabilities, "
    "account balance receivables, account credit balance, "
    "client id, client name, mobile phone, first name",
    "Square": "square customer id, reference id, email address, phone number, "
    "email subscription status, creation source, nickname, company name, birthday, memo",
    "Vagaro": "cell phone, day phone, night phone, customer since, last visit, points, "
    "mobile phone, customer id",
    "Fresha": "mobile number, telephone, client id, gender, blocked, block reason, "
    "accepts marketing, accepts sms marketing, referral source, date of birth",
}
"""Headers by which an export is told; the product with the most of them, two at least."""

TELLING = {
    "client account balance": "Mangomint",
    "account credit balance": "Boulevard",
    "account balance liabilities": "Boulevard",
    "square customer id": "Square",
    "email subscription status": "Square",
    "day phone": "Vagaro",
    "night phone": "Vagaro",
    "accepts sms marketing": "Fresha",
    "block reason": "Fresha",
}
"""Headers that no other of these programs has count three times."""


@dataclass(frozen=True)
class Guess:
    """A field, or "", for each column, and whose export it looks like ("" where nobody's)."""

    mapping: list[str]
    product: str


def plain(header: str) -> str:
    """A header without its case, accents, punctuation and spaces: "E-Mail_Address" is the same."""
    text = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", text))


def guess(columns: Sequence[str]) -> Guess:
    """What these headers mean, case, punctuation and spaces aside."""
    headers = [plain(column) for column in columns]
    mapping = [""] * len(headers)
    for field, known in _KNOWN.items():
        found = sorted(
            (known.index(header), at) for at, header in enumerate(headers) if header in known
        )
        for _, at in found if field not in ONCE else found[:1]:
            mapping[at] = field
        if field == "phone":
            _spare(mapping, [at for _, at in found[1:]], "other_phone")
    # A full name beside first and last name says nothing more.
    if "first_name" in mapping and "name" in mapping:
        mapping[mapping.index("name")] = ""
    return Guess(mapping, _product(headers))


def _spare(mapping: list[str], places: list[int], field: str) -> None:
    for at in places:
        mapping[at] = field


def _product(headers: Sequence[str]) -> str:
    points = {
        product: sum(3 if TELLING.get(name) == product else 1 for name in names & set(headers))
        for product, names in _EXPORTS.items()
    }
    best = max(points, key=lambda product: points[product])
    tied = sum(score == points[best] for score in points.values()) > 1
    return best if points[best] >= 3 and not tied else ""


_KNOWN = {field: names.split(", ") for field, names in HEADERS.items()}
_EXPORTS = {product: set(names.split(", ")) for product, names in PRODUCTS.items()}
