"""What texts mean: amounts, days, people."""

import datetime as dt

import pytest

from imports.understanding import people
from imports.understanding.amounts import amount
from imports.understanding.days import day
from imports.understanding.problems import Wrong
from imports.understanding.rows import Reader

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("", 0), ("-", 0), ("$ -", 0), ("0.00", 0), ("40", 4000), ("$1,234.50", 123450),
        ("1234.5", 123450), ("USD 12.00", 1200), ("(12.00)", -1200), ("($1,200.00)", -120000),
        ("-12", -1200), ("−12.5", -1250), ("12.00-", -1200), ("$-5.00", -500), ("-$5.00", -500),
        ("1.234,50", 123450), ("12,50", 1250), ("1,234", 123400), ("1.000.000", 100000000),
        ("40.10", 4010), ("40.100", 4010), ("1\xa0234.50", 123450),
        ("1'234.50", 123450), ("US$12", 1200),
    ],
)  # fmt: skip
def test_amounts_as_programs_write_them(text, minor):
    assert amount(text) == minor


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "“abc” is no amount."),
        ("12 apples", "no amount"),
        ("€12.50", "in another currency. Write it in USD"),
        ("12'34", "no amount"),
        ("(-5)", "no amount"),
        ("1,23,4", "no amount"),
        ("=SUM(A1:A9)", "is a formula"),
        ("1.234", "more digits after the point than USD"),
        ("1000000.01", "more than $1,000,000.00"),
        ("9" * 40, "no amount"),
        ("١٢", "no amount"),
        ("1e5", "no amount"),
    ],
)
def test_what_is_no_amount_is_named(text, said):
    with pytest.raises(Wrong) as wrong:
        amount(text)
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24", "12/24/2026", "12-24-2026", "24.12.2026", "2026-12-24T10:00",
        "12/24/2026 12:00:00 AM", "Dec 24, 2026", "december 24 2026", "24 Dec 2026", "24-Dec-2026",
        "46380",
    ],
)  # fmt: skip
def test_days(text):
    assert day(text) == dt.date(2026, 12, 24)


@pytest.mark.parametrize(
    "text", ["24/12/2026", "soon", "2026-02-30", "12/24/26", "Foo 24, 2026", "46"]
)
def test_what_is_no_day_is_named(text):
    with pytest.raises(Wrong, match="is no day"):
        day(text)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (("Clara", "Nuñez", ""), ("Clara", "Nuñez")),
        (("", "", "Clara Maria Nuñez"), ("Clara Maria", "Nuñez")),
        (("", "", "Nuñez, Clara"), ("Clara", "Nuñez")),
        (("", "", "Cher"), ("Cher", "")),
        (("", "Nuñez", ""), ("Nuñez", "")),
        ((" Clara  Maria ", "", "X Y"), ("Clara Maria", "")),
    ],
)
def test_names(given, names):
    assert people.names(*given) == names


def read(*cells: str, **kwargs):
    mapping = ["name", "email", "phone", "other_phone", "note", "balance", "expires_on"]
    return Reader(mapping, kwargs.get("expires_on"), TODAY).read(cells)


def test_a_phone_that_is_none_is_a_warning_and_stays_in_the_note():
    row = read("Clara", "", "call her", "(212) 555-0142", "Likes tea")
    assert row.phone == "+12125550142"
    assert row.note == "Likes tea\nPhone: call her"
    assert row.warnings == ["“call her” is no phone number. It is kept in the note."]
    assert row.problems == []


def test_all_that_is_wrong_is_named_at_once():
    row = read("", "not an address", "", "", "", "x", "", "extra")
    assert [problem.split(".")[0] for problem in row.problems] == [
        "The row has 8 cells and the header 7",
        "There is no name",
        "“not an address” is no e-mail address",
        "“x” is no amount",
    ]


def test_a_balance_that_has_expired_is_a_problem_and_a_debt_never_expires():
    assert "expired on" in read("Clara", "", "", "", "", "40", "2026-11-21").problems[0]
    assert read("Clara", "", "", "", "", "40", "2026-11-22").expires_on == TODAY
    assert read("Clara", "", "", "", "", "-40", "2020-01-01").expires_on is None
    later = dt.date(2027, 1, 1)
    assert read("Clara", "", "", "", "", "40", "", expires_on=later).expires_on == later


@pytest.mark.parametrize("name", ["Total", "TOTALS:", "Grand total"])
def test_the_total_under_the_list_is_no_client(name):
    assert "no client" in read(name, "", "", "", "", "1,278.50", "").problems[0]
    assert read(name, "total@example.com", "", "", "", "5", "").problems == []
