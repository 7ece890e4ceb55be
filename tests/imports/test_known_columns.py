"""Headers of other programs' exports are known."""

import pytest

from imports.known_columns import FIELDS, HEADERS, guess, plain

EXPORTS = {
    "Mangomint": "First Name,Last Name,Email,Mobile Phone,Client Notes,Client Account Balance",
    "Boulevard": "Client ID,First Name,Last Name,Email,Mobile Phone,Account Credit Balance",
    "Square": "Reference ID,First Name,Last Name,Email Address,Phone Number,Memo,"
    "Email Subscription Status,Square Customer ID",
    "Vagaro": "First Name,Last Name,Email,Cell Phone,Day Phone,Night Phone,Customer Since,Balance",
    "Fresha": "Client ID,First Name,Last Name,Mobile Number,Telephone,Email,Accepts SMS Marketing,"
    "Blocked,Block Reason",
}


@pytest.mark.parametrize("product", EXPORTS)
def test_exports_are_told_and_mapped(product):
    columns = EXPORTS[product].split(",")
    guessed = guess(columns)
    assert guessed.product == product
    by_field = dict(zip(guessed.mapping, columns, strict=True))
    assert {"first_name", "last_name", "email", "phone"} <= set(by_field)
    assert ("balance" in by_field) == ("Balance" in EXPORTS[product])


def test_boulevard_s_report_of_account_balances_is_told():
    columns = "Account Balance Client Name,Account Balance Liabilities,Account Balance Receivables"
    guessed = guess(columns.split(","))
    assert (guessed.mapping, guessed.product) == (["name", "balance", ""], "Boulevard")


def test_case_punctuation_and_accents_are_forgiven():
    assert plain("E-Mail_Address ") == plain("email   ADDRESS".replace("em", "e m"))
    mapping = guess(["FIRST_NAME", "lastName", "e-mail", "Cell #", "Account  balance"]).mapping
    assert mapping == ["first_name", "last_name", "email", "phone", "balance"]


def test_of_several_phones_the_mobile_one_counts_and_others_are_kept():
    guessed = guess(["Name", "Phone", "Mobile", "Home phone", "Shoe size"])
    assert guessed.mapping == ["name", "other_phone", "phone", "other_phone", ""]
    assert guessed.product == ""


def test_every_known_header_is_of_one_field_and_plain():
    assert set(HEADERS) == set(FIELDS)
    headers = [header for known in HEADERS.values() for header in known.split(", ")]
    assert len(headers) == len(set(headers))
    assert [plain(header) for header in headers] == headers
