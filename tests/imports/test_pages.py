"""The pages of imports, one status after the other, and who comes to them too late."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import Decision, Import, Progress, Status
from imports.running import run_check, run_take_back, run_take_in
from ledger.models import Entry
from tests.checkout.helpers import order_with, pay
from tests.factories import (
    make_browser,
    make_client,
    make_credit,
    make_desk,
    make_location,
    make_staff,
)
from tests.imports.helpers import (
    BEN,
    CLARA,
    HEADER,
    INES,
    checked,
    csv_of,
    fresh,
    taken_back,
    taken_in,
    uploaded,
)
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
WRONG = ["Imani", "Cole", "imani@example.org", "", "=forty"]


@pytest.fixture
def olivia(db):
    return make_browser("Olivia")


def text_of(response, status=200):
    assert response.status_code == status
    found = response.content.decode()
    return " ".join(found[found.find("<main") if "<main" in found else 0 :].split())


def at(name, import_, **query):
    args = [import_.uuid, *([query.pop("number")] if "number" in query else [])]
    return reverse(f"imports:{name}", args=args, query=query or None)


def page(browser, import_, **query):
    return text_of(browser.get(at("one", import_, **query)))


def said_next(response, browser):
    """What the page after a redirect says at the top of itself, with its messages."""
    return " ".join(browser.get(response.url).content.decode().split())


def columns_of(import_, **changed):
    fields = {f"column-{place}": field for place, field in enumerate(import_.mapping)}
    chosen = {
        "balances_are": "paid",
        "on_match": "fill",
        "twice": "refuse",
        "had_before": "ask",
        "expires_on": "",
    }
    return {**fields, **chosen, **changed}


# --- The list, and the file -------------------------------------------------------------------


def test_an_empty_list_says_what_to_prepare_and_whose_exports_are_known(olivia):
    found = text_of(olivia.get(reverse("imports:list")))
    assert "Nothing was imported yet" in found
    assert "Mangomint, Boulevard, Square, Vagaro and Fresha" in found
    assert "examples/clients.csv" in found


def test_the_list_has_who_what_and_how_much_in_a_fixed_number_of_queries(
    olivia, django_assert_num_queries
):
    uploaded(csv_of(CLARA))
    taken_in(BEN, INES)
    with django_assert_num_queries(7):
        found = text_of(olivia.get(reverse("imports:list")))
    for part in ("clients.csv", "Olivia", "Columns to be named", "Taken in", "$1,250.50"):
        assert part in found
    assert "$12.00" in found


def test_who_may_not_import_sees_no_button_and_no_page():
    import_, marcus = checked(CLARA), make_browser("Marcus")
    assert reverse("imports:list") not in text_of(marcus.get(reverse("clients:list")))
    for name in ("list", "new"):
        found = marcus.get(reverse(f"imports:{name}"))
        assert "import clients" in text_of(found, 403)
    for name in ("one", "columns", "progress", "problems", "take_back"):
        assert marcus.get(at(name, import_)).status_code == 403
    for name in ("columns", "check_again", "take_in", "discard", "ask_again", "take_back"):
        assert marcus.post(at(name, import_)).status_code == 403
    assert marcus.post(at("decide", import_, number=2), {"decision": "skip"}).status_code == 403
    assert fresh(import_).status == Status.READY


def test_the_clients_page_and_the_search_lead_to_it(olivia):
    assert reverse("imports:list") in text_of(olivia.get(reverse("clients:list")))
    assert reverse("imports:new") in olivia.get(reverse("search"), {"q": "import"}).content.decode()


def test_an_address_that_nothing_has_is_not_found(olivia):
    for name in ("one", "columns", "progress", "problems", "take_back"):
        assert olivia.get(reverse(f"imports:{name}", args=[uuid.uuid4()])).status_code == 404
    assert olivia.get("/imports/none-of-these/").status_code == 404
    assert olivia.get(reverse("imports:list"), {"before": "x"}).status_code == 200


def test_a_file_is_read_for_the_location_that_was_chosen(olivia):
    riverside = make_location("Riverside")
    file = SimpleUploadedFile("export.csv", csv_of(CLARA, BEN))
    sent = olivia.post(reverse("imports:new"), {"file": file, "location": riverside.pk})
    import_ = Import.objects.get()
    assert sent.url == at("columns", import_)
    assert (import_.location, import_.rows_total) == (riverside, 2)
    assert import_.uploaded_by.name == "Olivia"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no workbook", b"\x00\x01\x02", b"First name,Email\n"]
)
def test_what_is_no_table_is_refused_beside_the_file_and_nothing_is_kept(olivia, content):
    file = SimpleUploadedFile("export.xlsx" if content[:2] == b"PK" else "export.csv", content)
    found = text_of(olivia.post(reverse("imports:new"), {"file": file}), 422)
    assert "Nothing was taken in" in found
    assert 'id="id_file_error"' in found
    assert not Import.objects.exists()


def test_no_file_and_a_place_that_is_none_are_said_so(olivia):
    assert "Choose a file" in text_of(olivia.post(reverse("imports:new"), {}), 422)
    make_location("Riverside")
    file = SimpleUploadedFile("export.csv", csv_of(CLARA))
    crafted = olivia.post(reverse("imports:new"), {"file": file, "location": "999"})
    assert "Choose one of the locations" in text_of(crafted, 422)
    assert not Import.objects.exists()


# --- Its columns ------------------------------------------------------------------------------


def test_columns_are_shown_with_samples_and_guesses(olivia, django_assert_num_queries):
    import_ = uploaded(csv_of(CLARA, BEN, INES, ["", "", "", "", ""]))
    with django_assert_num_queries(9):
        found = text_of(olivia.get(at("columns", import_)))
    for name in (*HEADER, "$1,250.50"):
        assert name in found
    assert found.count('value="balance" selected') == 1
    assert olivia.get(at("one", import_)).url == at("columns", import_)


def test_an_export_of_a_known_product_is_named(olivia):
    header = ["Square Customer ID", "First Name", "Last Name", "Email Address", "Phone Number"]
    import_ = uploaded(csv_of(["1", "Clara", "Nuñez", "", ""], header=[*header, "Nickname"]))
    assert "Looks like an export of Square" in text_of(olivia.get(at("columns", import_)))


def test_two_columns_for_one_field_and_no_name_are_refused_with_what_was_chosen(olivia):
    import_ = uploaded(csv_of(CLARA))
    twice = olivia.post(at("columns", import_), columns_of(import_, **{"column-3": "email"}))
    assert "“Email” is the e-mail already" in text_of(twice, 422)
    assert 'value="email" selected' in twice.content.decode()
    nobody = columns_of(import_, **{"column-0": "", "column-1": ""})
    assert "which column has the clients’ names" in text_of(
        olivia.post(at("columns", import_), nobody), 422
    )
    crafted = columns_of(import_, **{"column-0": "owner"})
    assert "Choose one of the list" in text_of(olivia.post(at("columns", import_), crafted), 422)
    late = columns_of(import_, expires_on="2001-01-01")
    assert "This day is over" in text_of(olivia.post(at("columns", import_), late), 422)
    assert fresh(import_).status == Status.MAPPING


def test_kept_columns_lead_to_the_check_and_its_progress(olivia):
    import_ = uploaded(csv_of(CLARA))
    sent = olivia.post(at("columns", import_), columns_of(import_, balances_are="goodwill"))
    assert sent.url == at("one", import_)
    assert not fresh(import_).is_paid
    assert "Checking every row" in page(olivia, import_)
    # A second press comes to where it stands.
    again = olivia.post(at("columns", import_), columns_of(import_))
    assert "It is being checked." in said_next(again, olivia)
    run_check(import_.pk)
    done = olivia.get(at("progress", import_), headers={"hx-request": "true"})
    assert done["HX-Redirect"] == at("one", import_)


def test_progress_has_figures_and_who_asked(olivia, django_assert_num_queries):
    import_ = checked(CLARA)
    import_.status, import_.confirmed_by = Status.IMPORTING, make_staff("Marcus")
    import_.save()
    Progress.objects.filter(pk=import_.pk).update(step="Opening balances", done=30, total=120)
    with django_assert_num_queries(7):
        found = text_of(olivia.get(at("progress", import_)))
    assert "Opening balances" in found
    assert 'value="25"' in found
    assert "Asked for by Marcus" in found
    assert "You can leave this page" in found
    assert "Look again" in found


def test_a_lost_job_is_asked_for_once_more(olivia):
    import_ = checked(CLARA)
    refused = olivia.post(at("ask_again", import_))
    assert "ready to be looked at" in said_next(refused, olivia)
    Import.objects.filter(pk=import_.pk).update(status=Status.CHECKING)
    assert "asked for again" in said_next(olivia.post(at("ask_again", import_)), olivia)


# --- Looking at it ----------------------------------------------------------------------------


def test_the_preview_begins_with_the_problems_and_has_every_figure(
    olivia, django_assert_num_queries
):
    clara = make_client("Clara Nuñez")
    import_ = checked(CLARA, BEN, INES, WRONG)
    with django_assert_num_queries(9):
        found = page(olivia, import_)
    assert "=forty" in found
    assert "$1,290.50 credit, $12.00 owed" in found
    assert "Leave out the row with a problem" in found
    matches = page(olivia, import_, tab="matches")
    assert reverse("clients:detail", args=[clara.pk]) in matches
    assert "Make a new client" in matches
    assert "Ben Okafor" in page(olivia, import_, tab="new")
    assert "Ben Okafor" in page(olivia, import_, tab="all")
    assert "=forty" in page(olivia, import_, tab="nonsense", after="x")


def test_rows_come_in_pages_by_their_number(olivia, monkeypatch):
    monkeypatch.setattr("imports.showing.PAGE", 2)
    people = [[f"Guest{n}", "Ng", f"guest{n}@example.org", "", "1"] for n in range(5)]
    import_ = checked(*people)
    first = page(olivia, import_, tab="new")
    assert "Guest1" in first
    assert "Guest2" not in first
    more = olivia.get(
        at("one", import_, tab="new", after="3"),
        headers={"hx-request": "true", "hx-target": "more"},
    )
    found = more.content.decode()
    assert found.lstrip().startswith("<tbody>")
    assert "Guest2" in found
    assert "after=5" in found


def test_problems_come_as_a_file_that_runs_nothing(olivia):
    import_ = checked(CLARA, ["=cmd|' /C calc'!A0", "", "", "", "=1+1"])
    file = olivia.get(at("problems", import_))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert (
        text.splitlines()[0]
        == "First name,Last name,Email,Mobile,Account balance,Row,What is wrong"
    )
    assert "'=cmd" in text
    assert ",'=1+1,3," in text
    assert "Nuñez" not in text


def test_a_row_is_decided_otherwise_and_the_figures_follow(olivia):
    make_client("Clara Nuñez")
    import_ = checked(CLARA, BEN)
    to = at("decide", import_, number=2)
    back = olivia.post(to, {"decision": "new", "tab": "matches"})
    assert back.url == f"{at('one', import_)}?tab=matches#row-2"
    assert (fresh(import_).rows_new, fresh(import_).rows_match) == (2, 0)
    found = olivia.post(to, {"decision": "skip"}, headers={"hx-request": "true"}).content.decode()
    assert found.lstrip().startswith("<tr")
    assert 'id="import-figures" hx-swap-oob="true"' in found
    assert "$1,250.50 credit" in found
    assert fresh(import_).credit_minor == 125050
    olivia.post(to, {"decision": "match"})
    assert fresh(import_).rows.get(number=2).decision == Decision.MATCH


@pytest.mark.parametrize("decision", ["error", "", "match", "delete"])
def test_a_decision_that_the_row_does_not_allow_changes_nothing(olivia, decision):
    import_ = checked(BEN, WRONG)
    for number in (2, 3, 99):
        refused = olivia.post(at("decide", import_, number=number), {"decision": decision})
        if (number, decision) != (3, "error"):
            assert "Nothing was changed." in said_next(refused, olivia)
    assert [row.decision for row in import_.rows.order_by("number")] == ["new", "error"]


def test_who_decides_too_late_is_led_to_where_it_stands(olivia):
    import_ = checked(BEN)
    to, htmx = at("decide", import_, number=2), {"hx-request": "true"}
    refused = olivia.post(to, {"decision": "match"}, headers=htmx)
    assert refused["HX-Redirect"] == at("one", import_)
    Import.objects.filter(pk=import_.pk).update(status=Status.IMPORTING)
    late = olivia.post(to, {"decision": "skip"}, headers=htmx)
    assert late["HX-Redirect"] == at("one", import_)
    more = olivia.get(at("one", import_), headers={**htmx, "hx-target": "more"})
    assert more["HX-Redirect"] == at("one", import_)
    assert "It is being taken in." in said_next(olivia.post(to, {"decision": "skip"}), olivia)
    assert import_.rows.get().decision == Decision.NEW


def test_rows_that_are_added_to_a_row_go_with_it(olivia):
    import_ = checked(BEN, [*BEN[:4], "9.50"], twice="add")
    assert import_.credit_minor == 126000
    olivia.post(at("decide", import_, number=2), {"decision": "skip"})
    assert (fresh(import_).rows_in, fresh(import_).credit_minor) == (0, 0)
    assert "leaves nothing of that kind" in said_next(
        olivia.post(at("decide", import_, number=3), {"decision": "new"}), olivia
    )


# --- Taking it in -----------------------------------------------------------------------------


def test_a_wrong_control_total_is_refused_with_the_difference_and_kept(olivia):
    import_ = checked(BEN, INES)
    sent = olivia.post(at("take_in", import_), {"control_total": "1,250.50"})
    found = text_of(sent, 422)
    assert "$12.00 more" in found
    assert 'value="1,250.50"' in found
    assert "Enter the total" in text_of(olivia.post(at("take_in", import_), {}), 422)
    assert fresh(import_).status == Status.READY


def test_problems_must_be_left_out_and_matches_looked_at(olivia):
    make_client("Clara Nuñez")
    import_ = checked(CLARA, WRONG)
    total = {"control_total": "40"}
    assert "Look at the matches first" in text_of(olivia.post(at("take_in", import_), total), 422)
    seen = {**total, "looked": "on"}
    assert "1 row has an error" in text_of(olivia.post(at("take_in", import_), seen), 422)
    olivia.post(at("take_in", import_), {**seen, "leave_out_errors": "on"})
    assert fresh(import_).status == Status.IMPORTING


def test_more_owed_than_credit_is_a_total_below_zero(olivia):
    import_ = checked(INES)
    sent = olivia.post(at("take_in", import_), {"control_total": "-12.00"})
    assert sent.url == at("one", import_)
    run_take_in(import_.pk)
    assert fresh(import_).status == Status.DONE


def test_the_whole_walk_and_back_with_each_press_twice(olivia):
    clara = make_client("Clara Nuñez")
    import_ = checked(CLARA, BEN, INES)
    typed = {"control_total": "$1,278.50", "looked": "on"}
    for _ in range(2):
        assert olivia.post(at("take_in", import_), typed).url == at("one", import_)
    assert "Taking it in" in page(olivia, import_)
    run_take_in(import_.pk)
    olivia.post(at("take_in", import_), typed)
    found = page(olivia, import_, tab="all")
    assert "Taken in" in found
    assert "$1,290.50" in found
    entry = Entry.objects.get(cause_kind="import", key__endswith=":2")
    assert reverse("ledger:entry", args=[clara.pk, entry.pk]) in found
    assert olivia.get(reverse("ledger:entry", args=[clara.pk, entry.pk])).status_code == 200
    assert "It was taken in." in said_next(olivia.post(at("discard", import_)), olivia)
    assert "It was taken in." in said_next(olivia.get(at("columns", import_)), olivia)

    asked = text_of(olivia.get(at("take_back", import_)))
    assert "Take back 3 clients and $1,290.50" in asked
    for _ in range(2):
        assert olivia.post(at("take_back", import_)).url == at("one", import_)
    assert "Taking it back" in page(olivia, import_)
    run_take_back(import_.pk)
    assert olivia.post(at("take_back", import_)).url == at("one", import_)
    assert "Taken back" in page(olivia, import_)
    assert_well()


def test_who_has_spent_is_in_the_way_and_named_with_a_link(olivia):
    import_ = taken_in(CLARA, BEN)
    ben = import_.rows.get(number=3).client
    desk = make_desk("Olivia")
    pay(order_with(desk, ben, product=5), "credits", 5, desk)
    found = text_of(olivia.get(at("take_back", import_)))
    assert "Ben Okafor" in found
    assert reverse("ledger:payment_methods", args=[ben.pk]) in found
    assert "Take back 2 clients" not in found
    refused = olivia.post(at("take_back", import_))
    assert "Nothing was taken back" in text_of(refused, 409)
    assert fresh(import_).status == Status.DONE


def test_clients_who_stayed_are_named_when_it_was_taken_back(olivia, django_assert_num_queries):
    import_ = taken_in(CLARA, BEN)
    make_credit(import_.rows.get(number=3).client, 5)
    taken_back(import_)
    with django_assert_num_queries(9):
        found = page(olivia, import_)
    assert "Clients who stayed" in found
    assert "Ben Okafor" in found


def test_what_failed_says_that_nothing_went_in_and_is_checked_again(olivia):
    import_ = checked(CLARA)
    Import.objects.filter(pk=import_.pk).update(status=Status.FAILED, error="The disk was full.")
    found = page(olivia, import_)
    assert "Nothing was imported: no client, no balance" in found
    assert "The disk was full." in found
    olivia.post(at("check_again", import_))
    assert fresh(import_).status == Status.CHECKING
    assert "It is being checked." in said_next(olivia.post(at("check_again", import_)), olivia)


def test_a_discarded_file_leaves_a_line(olivia):
    import_ = checked(CLARA)
    assert "was discarded" in said_next(olivia.post(at("discard", import_)), olivia)
    assert "Nothing was taken in" in page(olivia, import_)
    assert "It was discarded." in said_next(olivia.post(at("discard", import_)), olivia)
    typed = {"control_total": "40"}
    assert "It was discarded." in said_next(olivia.post(at("take_in", import_), typed), olivia)
    assert not import_.rows.exists()


def test_what_another_person_began_says_who(olivia):
    import_ = checked(CLARA)
    Import.objects.filter(pk=import_.pk).update(uploaded_by=make_staff("Marcus"))
    assert "Marcus began it" in page(olivia, import_)


def test_the_same_file_a_second_time_is_warned_of(olivia):
    first = taken_in(BEN)
    second = checked(BEN)
    assert at("one", first) in text_of(olivia.get(at("columns", second)))
    assert "imported before" in page(olivia, second)
