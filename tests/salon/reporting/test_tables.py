"""Rows and cells as the page says them."""

from salon.reporting.tables import Column, Kind, Line, Table
from tests.factories import dollars

AMOUNT = Column("amount", "Amount", Kind.MONEY)
NAME = Column("name", "Name", is_title=True)


def cell(column, value):
    [found] = Table([column], []).cells(Line({column.key: value}))
    return found


def test_an_amount_below_zero_has_a_real_minus():
    assert cell(AMOUNT, dollars("-5")).text == "−$5.00"


def test_nothing_is_left_blank_only_where_that_is_wanted():
    assert cell(AMOUNT, dollars(0)).text == "$0.00"
    assert cell(Column("a", "A", Kind.MONEY, hide_zero=True), dollars(0)).text == ""
    assert cell(AMOUNT, None).text == ""


def test_counts_have_commas():
    assert cell(Column("n", "N", Kind.COUNT), 12345).text == "12,345"


def test_a_value_that_a_row_does_not_have_is_blank():
    [name, amount] = Table([NAME, AMOUNT], []).cells(Line({"name": "Clara"}))
    assert (name.text, amount.text) == ("Clara", "")


def test_a_cell_opens_what_its_line_says():
    [name, amount] = Table([NAME, AMOUNT], []).cells(
        Line({"name": "Clara"}, links={"amount": "/sales/1/"})
    )
    assert (name.url, amount.url) == ("", "/sales/1/")


def test_a_table_knows_whether_some_columns_give_way():
    assert Table([NAME, Column("x", "X", is_extra=True)], []).has_extra
    assert not Table([NAME, AMOUNT], []).has_extra
