"""Gift cards at the desk: selling, paying, the list, a card, and what is done with one."""

import uuid

import pytest
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from checkout.closing import close_order
from checkout.models import Order
from checkout.opening import open_order
from checkout.refunding import refund_lines
from giftcards import guessing
from giftcards.blocking import block
from giftcards.desk_parts import find_gift_cards
from giftcards.history import history_of
from giftcards.listing import PAGE
from giftcards.models import GiftCard, Mailing
from giftcards.standing import check_usable
from tests.checkout.helpers import books, order_with, pay
from tests.checkout.reading import plain
from tests.checkout.reading import says as reads
from tests.checkout.till import Till, says
from tests.factories import dollars, make_browser, make_client, make_desk, make_role
from tests.giftcards.helpers import fresh, order_for_card, sell_card, spend, use
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db

FRAME = 8
"""Session, person, two for permissions, locations, till, and at the end settings and role."""


@pytest.fixture
def desk():
    return make_desk("Marcus")


@pytest.fixture
def card(desk):
    return sell_card(desk, 100, to_name="Clara Nuñez", from_name="Ines Duarte")


@pytest.fixture
def web(desk):
    return make_browser("Marcus")


def till_for(desk, **lines):
    return Till(order_with(desk, **lines), desk.staff)


# --- Selling --------------------------------------------------------------------------------------

SENT = {
    "amount": "50",
    "way": "email",
    "to_name": "Hana Sato",
    "to_email": "hana@example.com",
    "message": "Happy birthday",
}


def test_a_card_is_put_on_the_sale_with_its_sheet(desk):
    till = Till(open_order(desk=desk, client=make_client("Ines Duarte")), desk.staff)
    sheet = says(till.get("add_line", kind="gift_card"))
    assert 'value="Ines Duarte"' in sheet
    assert 'data-set-amount="25.00" data-for="id_amount">$25</button>' in sheet
    answer = till.add("gift_card", **SENT, from_name="Ines Duarte")
    assert answer.status_code == 200
    assert "By e-mail to hana@example.com, once the sale is closed" in says(answer)
    card = GiftCard.objects.get()
    assert (card.to_name, card.message, card.from_name) == (
        "Hana Sato",
        "Happy birthday",
        "Ines Duarte",
    )
    assert till.lines() == [("Gift card for Hana Sato", "$50.00")]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"to_email": ""}, "Enter the address that the card goes to."),
        ({"to_email": "hana@"}, "Enter an e-mail address like"),
        ({"amount": ""}, "Enter an amount."),
        ({"amount": "0"}, "Enter an amount above zero."),
        ({"amount": "-5"}, "without a minus sign"),
        ({"way": ""}, "Choose how the card gets to whom it is for."),
        ({"way": "pigeon"}, "Choose how the card gets to whom it is for."),
        ({"way": "plastic"}, "Scan the card, or type its number."),
        ({"way": "plastic", "number": "12"}, "6 to 32 letters and digits"),
        ({"send_on": "soon"}, "Choose a day, or leave it empty"),
        ({"send_on": "2001-01-01"}, "Choose a day from today on"),
        ({"message": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_is_wrong_with_a_card_is_said_and_what_was_typed_is_kept(desk, wrong, why):
    till = Till(open_order(desk=desk), desk.staff)
    answer = till.add("gift_card", **{**SENT, **wrong})
    assert answer.status_code == 422
    assert why in says(answer)
    assert "Hana Sato" in says(answer)
    assert not GiftCard.objects.exists()
    assert till.lines() == []


def test_what_another_way_would_need_does_not_count(desk):
    till = Till(open_order(desk=desk), desk.staff)
    till.add("gift_card", **{**SENT, "way": "print", "to_email": "nonsense", "send_on": "x"})
    card = GiftCard.objects.get()
    assert (card.to_email, card.send_on, card.is_physical) == ("", None, False)
    assert "To print once the sale is closed" in till.page()


def test_a_sell_form_sent_twice_makes_one_card(desk):
    till = Till(open_order(desk=desk), desk.staff)
    form = till.act(**SENT)
    till.send("add_line", form, kind="gift_card")
    till.send("add_line", form, kind="gift_card")
    assert GiftCard.objects.count() == 1


def test_the_price_of_a_card_can_be_changed_and_nothing_else(desk):
    till = Till(order_for_card(desk, 50), desk.staff)
    line = till.order.lines.get()
    till.change(line, unit_price="75", quantity="3")
    assert till.lines() == [("Gift card", "$75.00")]


# --- Paying ---------------------------------------------------------------------------------------


def find(till, code, **more):
    url = reverse("giftcards:find", args=[till.order.uuid])
    return till.browser.post(url, till.act(code=code, **more), headers=till.headers)


def test_a_code_shows_what_is_left_and_takes_nothing(desk, card):
    till = till_for(desk, service=60)
    assert "See what is left" in says(till.get("pay", kind="gift_card"))
    answer = find(till, card.shown_code.lower())
    assert answer.status_code == 200
    text = plain(answer.content.decode())
    assert f"Gift card {card.masked} for Clara Nuñez $100.00 left" in text
    assert "$60.00 of it can pay here." in text
    assert answer.context["panel"]["form"]["amount"].value() == dollars(60)
    assert till.payments() == []


def test_then_so_much_of_it_is_applied(desk, card):
    till = till_for(desk, service=60)
    answer = till.pay("gift_card", code=card.code, amount="60")
    assert answer.status_code == 200
    assert card.masked in says(answer)
    assert card.code not in says(answer)
    assert till.payments() == [("gift_card", "$60.00")]
    till.close()
    assert fresh(card).left == dollars(40)
    assert_well()


def test_the_offer_is_what_is_left_when_the_sale_costs_more(desk, card):
    till = till_for(desk, service=250)
    assert find(till, card.code).context["panel"]["form"]["amount"].value() == dollars(100)


@pytest.mark.parametrize("code", ["", "   ", "NOSUCHCARD", "<b>", "x" * 61])
def test_a_wrong_code_is_told_beside_its_field_and_kept(desk, card, code):
    till = till_for(desk, service=60)
    answer = find(till, code)
    assert answer.status_code == 422
    assert "field-error" in says(answer)
    assert "See what is left" in says(answer)
    assert till.payments() == []


def test_a_card_that_is_looked_up_is_asked_once_what_it_can_pay(desk, card, monkeypatch):
    """Asked again, it could be spent by then."""
    asked = []

    def once(found, today):
        asked.append(found)
        return check_usable(found, today)

    monkeypatch.setattr("giftcards.views.paying.check_usable", once)
    assert find(till_for(desk, service=60), card.code).status_code == 200
    assert asked == [card]


def test_a_blocked_card_is_told_when_it_is_looked_up(desk, card):
    block(card=card, reason="Stolen", desk=desk)
    answer = find(till_for(desk, service=60), card.code)
    assert answer.status_code == 422
    assert "is blocked: Stolen" in says(answer)


def test_too_much_is_refused_with_the_card_still_there(desk, card):
    till = till_for(desk, service=250)
    answer = till.pay("gift_card", code=card.code, amount="100.01")
    assert answer.status_code == 422
    text = plain(answer.content.decode())
    assert f"Only $100.00 is left on gift card {card.masked}." in text
    assert "$100.00 left" in text
    assert 'value="100.01"' in says(answer)


def test_after_ten_wrong_codes_even_the_right_one_has_to_wait(desk, card):
    till = till_for(desk, service=60)
    for number in range(guessing.TRIES):
        assert "There is no gift card with this code" in says(find(till, f"WRONG{number:04}"))
    assert "Too many wrong codes" in says(find(till, card.code))
    assert "Too many wrong codes" in says(till.pay("gift_card", code=card.code, amount="60"))
    assert till.payments() == []
    jo = make_desk("Jo")
    other = Till(till.order, jo.staff)
    assert find(other, card.code).status_code == 200


def test_a_payment_form_sent_twice_takes_once(desk, card):
    till = till_for(desk, service=60)
    form = till.act(code=card.code, amount="40")
    till.send("pay", form, kind="gift_card")
    till.send("pay", form, kind="gift_card")
    assert till.payments() == [("gift_card", "$40.00")]


def test_a_stale_page_is_told(desk, card):
    till = till_for(desk, service=60)
    form = till.act(code=card.code, amount="40")
    pay(till.order, "cash", 10, desk)
    assert till.send("pay", form, kind="gift_card").status_code == 409
    assert till.payments() == [("cash", "$10.00")]


def test_a_gift_card_button_is_off_where_there_is_nothing_that_it_may_pay(desk, card):
    till = Till(order_for_card(desk, 50), desk.staff)
    assert "pay-gift_card-1" not in till.page()
    assert till.pay("gift_card", code=card.code, amount="50").status_code == 422
    assert till.payments() == []


def test_it_works_without_script(desk, card):
    till = Till(order_with(desk, service=60), desk.staff, htmx=False)
    assert "$100.00 left" in plain(find(till, card.code).content.decode())
    assert till.pay("gift_card", code=card.code, amount="60").status_code == 302
    assert till.payments() == [("gift_card", "$60.00")]


def test_a_gift_card_is_taken_back_to_itself_or_to_the_balance(desk, card):
    order = order_with(desk, make_client("Ben Okafor"), service=60)
    till = Till(order, desk.staff)
    tender = use(card, order, 60, desk)
    sheet = says(till.get("take_back", tender=tender.uuid))
    assert f"Gift card {card.masked}" in sheet
    assert "Ben Okafor’s account balance" in sheet
    till.take_back(tender, amount="60", destination="gift_card")
    assert fresh(card).left == dollars(100)


def test_a_closed_sale_leads_to_the_cards_that_it_issued(desk, web):
    card = sell_card(desk, 50, to_name="Hana Sato")
    slot = f"/sales/{card.line.order.uuid}/gift-cards/"
    assert slot in web.get(f"/sales/{card.line.order.uuid}/closed/").text
    with assertNumQueries(FRAME - 1):
        page = web.get(slot)
    assert f"/gift-cards/{card.uuid}/print/" in page.text
    assert "for Hana Sato · to be printed" in reads(page)
    other = spend(card, 20, desk)
    assert web.get(f"/sales/{other.uuid}/gift-cards/").text.strip() == ""


# --- Receipts and refunds -------------------------------------------------------------------------


def test_the_receipt_names_the_card_and_what_is_left_on_it(desk, card, web):
    visit = spend(card, 60, desk)
    text = reads(web.get(f"/sales/{visit.uuid}/receipt/"))
    assert f"Gift card {card.masked} $60.00" in text
    assert f"Gift card {card.masked} before $100.00" in text
    assert f"Gift card {card.masked} after $40.00" in text
    assert card.code not in text


def test_the_refund_page_says_that_it_returns_to_the_card(desk, card, web):
    visit = spend(card, 60, desk)
    page = reads(web.get(f"/sales/{visit.uuid}/refund/?everything=1"))
    assert f"$60.00 returns to gift card {card.masked}." in page
    refund_lines(
        order=visit, amounts={visit.lines.get(): dollars(60)}, destinations={}, desk=desk,
        uuid=uuid.uuid4(),
    )  # fmt: skip
    assert f"to gift card {card.masked}" in reads(web.get(f"/sales/{visit.uuid}/"))


def test_the_refund_page_of_a_sold_card_says_what_was_spent_and_where(desk, card, web):
    visit = spend(card, 60, desk)
    page = reads(web.get(f"/sales/{card.line.order.uuid}/refund/?line={card.line.pk}"))
    assert f"$60.00 of $100.00 was spent on sale #{visit.number}; $40.00 can go back" in page
    assert f"$40.00 is taken out of gift card {card.masked}." in page


def test_what_went_from_a_card_to_a_balance_is_told_on_its_refund(desk, card, web):
    visit = spend(card, 60, desk, make_client("Ben Okafor"))
    refund_lines(
        order=visit, amounts={visit.lines.get(): dollars(20)}, desk=desk, uuid=uuid.uuid4(),
        destinations={visit.tenders.get().pk: "balance"},
    )  # fmt: skip
    page = reads(web.get(f"/sales/{card.line.order.uuid}/refund/?line={card.line.pk}"))
    assert "On a client’s account balance A refund put it there −$20.00" in page
    assert "Can go back $40.00" in page


# --- The list -------------------------------------------------------------------------------------


def test_the_list_shows_what_is_owed_and_finds_by_four_characters_name_and_address(desk, web):
    ben = sell_card(desk, 30, to_name="Ben Okafor", to_email="ben@example.com")
    hana = sell_card(desk, 70, to_name="Hana Sato", number="GC00420042")
    page = reads(web.get("/gift-cards/"))
    assert "$100.00 left on 2 cards" in page
    for query, found, other in (
        (ben.code[-4:], ben, hana),
        ("0042", hana, ben),
        ("okaf", ben, hana),
        ("ben@ex", ben, hana),
    ):
        text = reads(web.get("/gift-cards/", {"q": query}))
        assert found.masked in text
        assert other.masked not in text
    assert "No gift card found" in reads(web.get("/gift-cards/", {"q": hana.code[:6]}))


def test_the_list_by_status(desk, web):
    active = sell_card(desk, 30)
    used = sell_card(desk, 40)
    spend(used, 40, desk)
    lost = sell_card(desk, 50)
    block(card=lost, reason="Lost", desk=desk)
    order_for_card(desk, 60)
    for status, cards in {
        "": [active], "active": [active], "spent": [used], "blocked": [lost],
        "all": [lost, used, active], "nonsense": [active],
    }.items():  # fmt: skip
        page = web.get("/gift-cards/", {"status": status}).context["page"]
        assert [row.card for row in page.rows] == cards


def test_the_list_costs_two_queries_however_long_it_is(desk, web):
    for _ in range(3):
        sell_card(desk, 10)
    web.get("/gift-cards/")
    with assertNumQueries(FRAME + 2):
        web.get("/gift-cards/")


def test_pages_by_key(desk, web):
    line = sell_card(desk, 10)
    account = line.account
    assert account is not None
    cards = [sell_card(desk, 1) for _ in range(2)]
    import giftcards.listing as listing

    listing.PAGE = 2
    try:
        first = web.get("/gift-cards/").context["page"]
        assert [row.card for row in first.rows] == cards[::-1]
        older = web.get("/gift-cards/", {"before": first.older}).context["page"]
        assert [row.card for row in older.rows] == [line]
        newer = web.get("/gift-cards/", {"after": older.newer}).context["page"]
        assert [row.card for row in newer.rows] == cards[::-1]
    finally:
        listing.PAGE = PAGE


def test_an_empty_list_says_what_to_do(web, db):
    assert "Sell one with Gift card on a new sale." in reads(web.get("/gift-cards/"))


# --- One card -------------------------------------------------------------------------------------


def test_a_card_tells_its_story(desk, card, web):
    visit = spend(card, 60, desk)
    block(card=card, reason="Lost on the train", desk=desk)
    with assertNumQueries(FRAME + 5):
        page = web.get(f"/gift-cards/{card.uuid}/")
    text = reads(page)
    for words in (
        f"Paid with it, sale #{visit.number}", "−$60.00", "$40.00",
        f"Sold, sale #{card.line.order.number}", "Lost on the train", "Clara Nuñez",
    ):  # fmt: skip
        assert words in text


def test_a_story_of_one_moment_is_told_newest_first_too(desk, card):
    spend(card, 60, desk)
    spend(card, 30, desk)
    assert [(event.what, event.after) for event in history_of(fresh(card))] == [
        ("Paid with it", dollars(10)),
        ("Paid with it", dollars(40)),
        ("Sold", dollars(100)),
    ]


def test_the_code_is_shown_on_the_day_of_the_sale_and_later_to_who_may_refund(desk, card):
    jo = make_browser("Jo")
    assert card.shown_code in reads(jo.get(f"/gift-cards/{card.uuid}/"))
    assert card.shown_code in reads(jo.get(f"/gift-cards/{card.uuid}/print/"))
    order = card.line.order
    order.business_date = order.business_date.replace(year=2020)
    order.save()
    assert card.shown_code not in reads(jo.get(f"/gift-cards/{card.uuid}/"))
    response = jo.get(f"/gift-cards/{card.uuid}/print/", follow=True)
    assert "A card is printed on the day it is sold." in reads(response)
    assert card.shown_code in reads(make_browser("Marcus").get(f"/gift-cards/{card.uuid}/"))


def test_a_card_that_was_never_issued_has_no_page(desk, web):
    order = order_for_card(desk, 50)
    card = GiftCard.objects.get(line__order=order)
    assert web.get(f"/gift-cards/{card.uuid}/").status_code == 404
    assert web.get(f"/gift-cards/{uuid.uuid4()}/").status_code == 404


def test_somebody_asks_what_is_left(desk, card, web):
    answer = web.post("/gift-cards/look-up/", {"code": card.shown_code})
    assert answer.url == f"/gift-cards/{card.uuid}/"
    wrong = web.post("/gift-cards/look-up/", {"code": "WRONG1234"})
    assert wrong.status_code == 422
    assert 'value="WRONG1234"' in wrong.text


def test_a_card_is_blocked_and_unblocked_with_a_reason(desk, card, web):
    address = f"/gift-cards/{card.uuid}"
    assert web.post(f"{address}/block/", {"reason": ""}).status_code == 422
    told = web.post(f"{address}/block/", {"reason": "Stolen"}, follow=True)
    assert "is blocked." in reads(told)
    assert "Unblock" in reads(told)
    told = web.post(f"{address}/unblock/", {"reason": "Found"}, follow=True)
    assert "is unblocked." in reads(told)


def test_the_front_desk_neither_blocks_nor_sees_the_button(desk, card):
    jo = make_browser("Jo")
    assert "/block/" not in jo.get(f"/gift-cards/{card.uuid}/").text
    assert jo.get(f"/gift-cards/{card.uuid}/block/").status_code == 403
    assert jo.post(f"/gift-cards/{card.uuid}/unblock/", {"reason": "x"}).status_code == 403


def test_who_may_not_sell_sees_no_cards(desk, card):
    make_role("Nobody").permissions.clear()
    from tests.factories import make_staff

    nobody = make_browser(make_staff("Theo", role="Nobody"))
    for path in ("", f"{card.uuid}/", f"{card.uuid}/print/", f"{card.uuid}/send/"):
        assert nobody.get(f"/gift-cards/{path}").status_code == 403
    assert nobody.post("/gift-cards/look-up/", {"code": card.code}).status_code == 403
    assert find_gift_cards("Clara", make_desk(make_staff("Theo")), 5) == []


def test_a_card_is_e_mailed_again_once_for_one_form(desk, card, web):
    form = {"to": "clara@example.com", "uuid": uuid.uuid4()}
    for _ in range(2):
        answer = web.post(f"/gift-cards/{card.uuid}/send/", form)
        assert answer.url == f"/gift-cards/{card.uuid}/"
    assert Mailing.objects.get().to == "clara@example.com"
    assert "To be e-mailed to clara@example.com" in reads(web.get(answer.url))


def test_who_may_not_see_the_code_is_told_beside_the_address(desk, card):
    Order.objects.update(business_date=desk.business_date.replace(year=2020))
    form = {"to": "thief@example.com", "uuid": uuid.uuid4()}
    answer = make_browser("Jo").post(f"/gift-cards/{card.uuid}/send/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors["to"] == [
        "Only a manager may send it to another address. Nothing was sent."
    ]
    assert 'value="thief@example.com"' in answer.text
    assert not Mailing.objects.exists()


def test_a_card_that_cannot_pay_is_not_e_mailed(desk, card, web):
    block(card=card, reason="Stolen", desk=desk)
    form = {"to": "clara@example.com", "uuid": uuid.uuid4()}
    answer = web.post(f"/gift-cards/{card.uuid}/send/", form)
    assert answer.status_code == 422
    assert "is blocked: Stolen. Nothing was sent." in reads(answer)
    assert web.post(f"/gift-cards/{card.uuid}/send/", {"to": "x"}).status_code == 422


# --- Found from elsewhere -------------------------------------------------------------------------


def test_the_search_over_everything_finds_cards_by_name_and_last_four(desk, card):
    for query in ("clara", card.code[-4:]):
        (hit,) = find_gift_cards(query, desk, 5)
        assert (hit.name, hit.end) == (f"Gift card {card.masked}", "$100.00")
    assert find_gift_cards(card.code[:8], desk, 5) == []
    assert find_gift_cards("c", desk, 5) == []


def test_sales_leads_to_gift_cards_and_lights_up(web, card):
    assert 'href="/gift-cards/"' in web.get("/sales/").text
    page = web.get("/gift-cards/")
    assert 'aria-current="page"' in page.text


def test_a_whole_day_ties_out(desk, card, web):
    spend(card, 25, desk)
    order = order_for_card(desk, 80, make_client("Ben Okafor"))
    pay(order, "card", 80, desk)
    close_order(order=order, desk=desk)
    assert books() == {"cash": 10000, "card": 8000, "gift_card": -15500, "income": -2500}
    assert Order.objects.count() == 3
    assert_well()
