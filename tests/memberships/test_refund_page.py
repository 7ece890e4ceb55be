"""Refunding a period at the desk: what is spent, what goes back, and that the bonus is canceled."""

import pytest

from checkout.refund_page import RefundPage
from checkout.sale import find_sale
from tests.checkout.helpers import books, has, order_with
from tests.checkout.reading import says, told
from tests.checkout.test_refund_pages import FRAME, Sheet, lines
from tests.factories import dollars, make_debt, make_tax_rate
from tests.ledger.books import assert_well
from tests.memberships.members import make_member, make_plan, pay_and_close

pytestmark = pytest.mark.django_db


def sold_to(clara, desk, kind="cash", **plan):
    """The line with a period, paid and closed."""
    member = make_member(clara, make_plan(**plan), desk=desk, kind=kind)
    return member.enrolment.line


def spend(clara, amount, desk):
    return pay_and_close(order_with(desk, clara, service=amount), desk, "credits")


def story(line, desk):
    """What the page tells of the line's credit; its figures add up."""
    (sold,) = RefundPage(find_sale(line.order.uuid), desk).sold.values()
    gone = sold.spent + sold.settled + sold.refunded + sold.held + sold.tax_on_that
    assert gone + sold.left == sold.bought
    return sold.sentence


def test_it_says_what_goes_back_and_that_the_bonus_is_canceled(desk, clara):
    line = sold_to(clara, desk)
    visit = spend(clara, 60, desk)
    assert story(line, desk) == (
        f"$60.00 of $100.00 was spent on sale #{visit.number}; $40.00 can go back in cash. Its "
        "bonus of $20.00 is canceled first."
    )
    sheet = Sheet(line.order, desk.staff)
    shown = says(sheet.preview(**lines((line, "30"))))
    assert "$30.00 is taken out of Clara Nuñez’s account credit." in shown
    assert "The bonus of $20.00 that is left is canceled." in shown
    assert "$30.00" in told(sheet.send(**lines((line, "30"))))
    assert (has(clara, desk).total, books()["cash"]) == (dollars(10), 7000)
    assert "goodwill" not in books()
    assert story(line, desk).endswith("$10.00 can go back in cash.")
    assert_well()


def test_what_was_earned_comes_out_of_nobodys_balance(desk, clara):
    line = sold_to(clara, desk, price=100, adds=60)
    sheet = Sheet(line.order, desk.staff)
    assert story(line, desk) == "$100.00 can go back in cash."
    assert "taken out of" not in says(sheet.preview(**lines((line, "40"))))
    shown = says(sheet.preview(**lines((line, "55"))))
    assert "$15.00 is taken out of Clara Nuñez’s account credit." in shown
    assert "bonus" not in shown


def test_the_tax_of_what_is_spent_stays(desk, clara):
    line = sold_to(clara, desk, tax_rate=make_tax_rate())
    visit = spend(clara, 60, desk)
    assert story(line, desk) == (
        f"$60.00 of $108.88 was spent on sale #{visit.number}; $43.55 can go back in cash. Its "
        "bonus of $20.00 is canceled first."
    )
    shown = says(Sheet(line.order, desk.staff).get("?all"))
    assert "Tax on what is gone −$5.33" in shown
    assert "$40.00 is taken out of Clara Nuñez’s account credit." in shown


def test_what_settled_a_debt_is_said(desk, clara):
    make_debt(clara, 30)
    line = sold_to(clara, desk)
    assert "Paid off what was owed −$30.00" in says(Sheet(line.order, desk.staff).get())


def test_a_crafted_request_for_more_is_refused(desk, clara):
    """More than is left, and the balance as its way: nothing goes back."""
    line = sold_to(clara, desk)
    sheet = Sheet(line.order, desk.staff)
    agreed = sheet.agreed(**lines((line, "100")))
    spend(clara, 60, desk)
    answer = sheet.post(**lines((line, "100")), agreed=agreed)
    assert answer.status_code == 422
    assert "Only $40.00" in says(answer)
    tender = line.order.tenders.get()
    answer = sheet.send(**lines((line, "10")), **{f"destination_{tender.pk}": "balance"})
    assert answer.status_code == 422
    assert books()["cash"] == 10000


def test_its_queries_do_not_grow(desk, clara, django_assert_num_queries):
    """However much was spent, and on how many sales."""
    line = sold_to(clara, desk)
    spend(clara, 10, desk)
    sheet = Sheet(line.order, desk.staff)
    sheet.get()
    with django_assert_num_queries(FRAME + 18):
        sheet.get()
