"""Files that a spreadsheet opens as figures and text, and never runs."""

import csv
import datetime as dt
import io
from itertools import islice

import pytest

from salon.reporting.files import as_written, csv_response, rows_of, safe, written
from salon.reporting.tables import Column, Kind, Line, Table
from tests.factories import dollars

COLUMNS = [Column("name", "Name", is_title=True), Column("amount", "Amount", Kind.MONEY)]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "\t=1",
        "\r=1",
        "\n=1",
        "\tplain",
        "   =1",
        "\u00a0=1",
        "\u3000=1",
        "\ufeff=1",
        "\u200b=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "−1",
    ],
)
def test_what_begins_like_a_formula_is_written_as_text(text):
    assert safe(text).startswith("'")
    assert safe(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["Clara", "O’Neill", "a=b", "1 - 2", "'=1", "", "   ", "Ms. -"])
def test_other_text_stays_as_it_is(text):
    assert safe(text) == text


@pytest.mark.parametrize("parted", ["x;=1", "x\t=1", "x\n=1", "x|  @y", "x;＝1"])
def test_a_cell_that_begins_inside_of_ours_runs_nothing_either(parted):
    assert "'" in safe(parted)
    assert not any(cell.lstrip()[:1] in "=@＝" for cell in safe(parted).split(parted[1])[1:])


def test_amounts_are_bare_numbers_and_days_are_iso():
    assert as_written(dollars("-12.50")) == "-12.50"
    assert as_written(dollars(1200)) == "1200.00"
    assert as_written(dt.date(2026, 11, 24)) == "2026-11-24"
    assert (as_written(7), as_written(None)) == ("7", "")


def test_headings_and_totals_are_safe_too():
    table = Table(
        [Column("name", "=Name")], [Line({"name": "Clara"})], total=Line({"name": "+Total"})
    )
    assert list(rows_of(table)) == [["'=Name"], ["Clara"], ["'+Total"]]


def test_what_is_read_back_is_what_was_written():
    names = ['Clara "the Great"', "Duarte, Ines", "two\nlines", "-5", ""]
    table = Table(COLUMNS, [Line({"name": name, "amount": dollars(1)}) for name in names])
    text = "".join(written(rows_of(table)))
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in found[1:]] == [safe(name) for name in names]


def test_a_file_is_sent_while_it_is_read():
    asked = []

    def lines():
        for number in range(10_000):
            asked.append(number)
            yield Line({"name": f"Client {number}", "amount": dollars(number)})

    table = Table(COLUMNS, [], file_lines=lines())
    response = csv_response("all", table)
    begun = b"".join(islice(response.streaming_content, 3)).decode()
    assert begun == "\ufeffName,Amount\r\nClient 0,0.00\r\n"
    assert len(asked) == 1
    assert response["Content-Disposition"] == 'attachment; filename="all.csv"'


def test_a_file_has_all_rows_where_the_page_has_some():
    some, every = [Line({"name": "one"})], [Line({"name": "one"}), Line({"name": "two"})]
    assert len(list(rows_of(Table(COLUMNS, some, file_lines=iter(every))))) == 3
    assert len(list(rows_of(Table(COLUMNS, some)))) == 2
