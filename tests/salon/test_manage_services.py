"""Manage > Services: the list, the page of one service, and Update Service as one act."""

import html
import re

import pytest
from django import forms
from django.urls import reverse

from salon import service_parts
from salon.errors import Refused
from salon.models import Service, ServiceOverride, SettingChange
from salon.service_parts import Part
from salon.updating_services import (
    Own,
    ServiceCard,
    add_service,
    archive_service,
    restore_service,
    update_service,
)
from tests.checkout.till import says
from tests.factories import (
    dollars,
    make_browser,
    make_category,
    make_location,
    make_role,
    make_service,
    make_staff,
    make_tax_rate,
)

pytestmark = pytest.mark.django_db
LIST = reverse("manage:services")
NEW = reverse("manage:new_service")


@pytest.fixture
def marcus():
    return make_browser("Marcus")


@pytest.fixture
def maya():
    return make_staff("Maya")


@pytest.fixture
def cut(maya):
    service = make_service("Cut & finish", 85, minutes=60)
    service.staff.add(maya)
    return service


def url(service, page="service"):
    return reverse(f"manage:{page}", args=[service.pk])


def form_of(browser, address):
    """Every field of the page as it stands, as a browser would send it."""
    page = browser.get(address).content.decode()
    main = page[page.index("<main") :]
    data = {}
    for tag in re.findall(r"<input[^>]*>", main):
        at = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if at.get("type") == "checkbox":
            if re.search(r"\schecked", tag):
                data.setdefault(at["name"], []).append(at.get("value", "on"))
        elif "name" in at and at["name"] != "csrfmiddlewaretoken":
            data[at["name"]] = html.unescape(at.get("value", ""))
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        data[name] = chosen[1] if chosen else ""
    return data


def save(browser, service, **changed):
    """Update Service with the page as it stands, but for what is changed."""
    return browser.post(url(service), form_of(browser, url(service)) | changed)


def own(holder, name):
    kind = "staff" if holder._meta.model_name == "staffmember" else "location"
    return f"{kind}-{holder.pk}-{name}"


def changes():
    rows = SettingChange.objects.order_by("id")
    return [(row.subject, row.setting, row.before, row.after) for row in rows]


def differences(service):
    return {
        str(row.location or row.staff): (None if row.price is None else str(row.price), row.minutes)
        for row in ServiceOverride.objects.filter(service=service)
    }


def card_of(service, **changed):
    card = {
        "name": service.name,
        "category": service.category,
        "price": service.price,
        "minutes": service.minutes,
        "tax_rate": service.tax_rate,
        "staff": frozenset(service.staff.all()),
    }
    return ServiceCard(**card | changed)


# --- Who may ----------------------------------------------------------------------------------


def test_the_front_desk_neither_sees_nor_opens_it(cut):
    jo = make_browser("Jo")
    assert "/manage/" not in jo.get("/clients/").content.decode()
    for address in (LIST, NEW, url(cut)):
        refused = jo.get(address)
        assert refused.status_code == 403
        assert "Can change services, prices and what staff do differently" in says(refused)


def test_the_front_desk_changes_nothing_by_crafted_requests(cut):
    jo = make_browser("Jo")
    for address in (NEW, url(cut), url(cut, "archive_service"), url(cut, "restore_service")):
        assert jo.post(address, {"name": "Mine", "price": "1"}).status_code == 403
    cut.refresh_from_db()
    assert (cut.name, cut.is_archived) == ("Cut & finish", False)
    assert changes() == []


def test_a_role_without_the_permission_loses_the_entry(cut):
    role = make_role("Manager")
    role.permissions.remove(role.permissions.get(codename="manage_services"))
    assert make_browser("Marcus").get(LIST).status_code == 403


def test_archiving_by_a_link_is_not_possible(marcus, cut):
    assert marcus.get(url(cut, "archive_service")).status_code == 405


# --- The list ---------------------------------------------------------------------------------


def test_the_list_tells_price_time_tax_and_who_gives_it_by_category(marcus, cut, maya):
    make_service("Balayage", 260, category=make_category("Color"), tax_rate=make_tax_rate("4.5"))
    ServiceOverride.objects.create(service=cut, staff=maya, price=dollars(95))
    page = marcus.get(LIST)
    assert page.context["rail"][-1].label == "Manage"
    assert page.context["rail"][-1].current
    told = says(page)
    assert told.index("Color") < told.index("Balayage") < told.index("Hair")
    for part in ("$85.00", "60 min", "Sales tax 4.5 %", "Everybody", "Customized for Maya"):
        assert part in told


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Cut & finish", "Gloss"]),
        ("?show=archived", ["Perm"]),
        ("?show=all", ["Cut & finish", "Gloss", "Perm"]),
        ("?show=nonsense", ["Cut & finish", "Gloss"]),
        ("?q=FINISH", ["Cut & finish"]),
        ("?q=hair+glo", ["Gloss"]),
        ("?q=per&show=all", ["Perm"]),
        ("?q=%00", ["Cut & finish", "Gloss"]),
        ("?q=zzz", []),
    ],
)
def test_the_list_is_searched_and_filtered(marcus, cut, query, names):
    make_service("Gloss", 48)
    archive_service(service=make_service("Perm", 60), by=make_staff("Marcus"))
    found = marcus.get(LIST + query).context["categories"]
    assert [row.service.name for _, rows in found for row in rows] == names


def test_while_typing_only_the_list_answers(marcus, cut):
    answer = marcus.get(
        LIST + "?q=cut", headers={"HX-Request": "true", "HX-Target": "service-list"}
    )
    assert "<html" not in answer.content.decode()
    assert "Cut &amp; finish" in says(answer)


def test_an_empty_list_says_what_to_do(marcus):
    assert "No services yet" in says(marcus.get(LIST))
    assert "Nothing is archived" in says(marcus.get(LIST + "?show=archived"))
    assert "No service is called “perm”" in says(marcus.get(LIST + "?q=perm"))


def test_many_people_are_counted(marcus, cut):
    for name in ("Ada", "Bo", "Cy", "Di", "Ed"):
        cut.staff.add(make_staff(name, is_provider=True))
    assert "Ada, Bo, Cy, Di and 2 more" in says(marcus.get(LIST))


def test_lists_and_pages_cost_the_same_for_few_and_for_many(
    marcus, cut, maya, django_assert_num_queries
):
    def many():
        for number in range(12):
            person = make_staff(f"Stylist {number}", is_provider=True)
            location = make_location(f"Shop {number}")
            service = make_service(f"Service {number}", 50)
            service.staff.add(person)
            for one in (service, cut):
                ServiceOverride.objects.create(service=one, staff=person, price=dollars(5))
                ServiceOverride.objects.create(service=one, location=location, minutes=5)

    frame = 8  # Session, person, locations, tills, two for permissions, settings, role.
    marcus.get(LIST)
    for more in (many, list):
        with django_assert_num_queries(frame + 3):
            marcus.get(LIST)
        # Two of them ask for custom deposits: for the fields, and for the page's fingerprint.
        with django_assert_num_queries(frame + 8 + 2):
            marcus.get(url(cut))
        more()


# --- Update Service -----------------------------------------------------------------------------


def test_everything_on_the_page_is_saved_in_one_act_with_its_record(marcus, cut, maya):
    theo, riverside = make_staff("Theo"), make_location("Riverside")
    color, tax = make_category("Color"), make_tax_rate("4.5", name="City tax")
    changed = {
        "name": "Cut  and finish",
        "category": color.pk,
        "price": "$90",
        "minutes": "65",
        "tax_rate": tax.pk,
        "staff": [maya.pk, theo.pk],
        own(maya, "price"): "95",
        own(maya, "minutes"): "75",
        own(riverside, "price"): "78.50",
    }
    answer = marcus.post(url(cut), form_of(marcus, url(cut)) | changed, follow=True)
    assert "Cut and finish is updated. Booking and checkout use it from now on." in says(answer)
    cut.refresh_from_db()
    assert (cut.name, cut.category, str(cut.price), cut.minutes, cut.tax_rate) == (
        "Cut and finish",
        color,
        "$90.00",
        65,
        tax,
    )
    assert set(cut.staff.all()) == {maya, theo}
    assert differences(cut) == {"Maya": ("$95.00", 75), "Riverside": ("$78.50", None)}
    subject = "Service: Cut and finish"
    assert set(changes()) == {
        (subject, "name", "Cut & finish", "Cut and finish"),
        (subject, "category", "Hair", "Color"),
        (subject, "price", "$85.00", "$90.00"),
        (subject, "minutes", "60", "65"),
        (subject, "tax rate", "", "City tax 4.5 %"),
        (subject, "staff", "Maya", "Maya, Theo"),
        (subject, "price with Maya", "", "$95.00"),
        (subject, "minutes with Maya", "", "75"),
        (subject, "price at Riverside", "", "$78.50"),
    }
    assert {change.staff.name for change in SettingChange.objects.all()} == {"Marcus"}


def test_the_page_says_whose_price_and_time_count(marcus, cut, maya):
    make_staff("Theo", location=make_location("Riverside"))
    save(marcus, cut, **{own(make_location("Riverside"), "price"): "78"})
    save(marcus, cut, **{own(maya, "price"): "95"})
    page = says(marcus.get(url(cut)))
    rows = re.findall(r'<p class="own-terms">(.*?)</p>', page)
    told = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    assert [" ".join(row.split()) for row in told] == [
        "$85.00 · 60 min Follows the service",
        "$95.00 · 60 min Maya’s own price · time follows the service",
        "$78.00 · 60 min Riverside’s own price · time follows the service",
        "$78.00 · 60 min Price follows Riverside · time follows the service",
    ]


def test_what_is_left_empty_follows_again_and_that_is_kept_too(marcus, cut, maya):
    save(marcus, cut, **{own(maya, "price"): "95"})
    save(marcus, cut, **{own(maya, "price"): ""})
    assert differences(cut) == {}
    assert changes()[-1] == ("Service: Cut & finish", "price with Maya", "$95.00", "")


def test_a_price_of_nothing_is_kept_as_a_price(marcus, cut, maya):
    save(marcus, cut, **{own(maya, "price"): "0"})
    assert differences(cut) == {"Maya": ("$0.00", None)}
    assert form_of(marcus, url(cut))[own(maya, "price")] == "0.00"


def test_saving_without_a_change_keeps_no_record(marcus, cut):
    assert save(marcus, cut).status_code == 302
    assert changes() == []


def test_the_same_form_sent_twice_changes_and_records_once(marcus, cut, maya):
    data = form_of(marcus, url(cut)) | {own(maya, "price"): "95", "minutes": "45"}
    for _ in range(2):
        assert marcus.post(url(cut), data).status_code == 302
    assert differences(cut) == {"Maya": ("$95.00", None)}
    assert len(changes()) == 2


def test_a_page_older_than_somebody_else_s_change_is_told_and_saves_nothing(marcus, cut, maya):
    old = form_of(marcus, url(cut)) | {"price": "70", own(maya, "minutes"): "90"}
    save(make_browser("Olivia"), cut, price="99")
    answer = marcus.post(url(cut), old)
    assert answer.status_code == 409
    told = says(answer)
    assert "was changed by Olivia after this page was opened. Nothing was saved." in told
    assert "Load it as it is now" in told
    assert 'value="70"' in told
    cut.refresh_from_db()
    assert (str(cut.price), differences(cut)) == ("$99.00", {})
    assert len(changes()) == 1


def test_a_page_without_its_mark_still_saves(marcus, cut):
    data = form_of(marcus, url(cut)) | {"price": "70"}
    del data["seen"]
    assert marcus.post(url(cut), data).status_code == 302


def test_who_the_page_did_not_show_keeps_what_they_have(marcus, cut, maya):
    data = form_of(marcus, url(cut))
    theo = make_staff("Theo")
    update_service(
        service=cut,
        card=card_of(cut, own={theo: Own(dollars(70))}),
        by=make_staff("Marcus"),
    )
    del data["seen"]
    marcus.post(url(cut), data)
    assert differences(cut) == {"Theo": ("$70.00", None)}


def test_two_of_one_name_are_told_apart_in_the_record(marcus, cut, maya):
    second = make_staff("Maya", username="maya-2", is_provider=True)
    save(marcus, cut, **{own(maya, "price"): "95", own(second, "price"): "65"})
    assert {(setting, after) for _, setting, _, after in changes()} == {
        ("price with Maya (maya)", "$95.00"),
        ("price with Maya (maya-2)", "$65.00"),
    }


# --- What is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "  ", "Enter what the service is called."),
        ("category", "", "Choose a category."),
        ("category", "999999", "This category is not there any more. Choose another."),
        ("price", "-1", "Enter the amount without a minus sign."),
        ("price", "", "Enter an amount."),
        ("price", "99999999", "Enter at most $1,000,000.00."),
        ("minutes", "0", "Enter at least 1 minute."),
        ("minutes", "721", "Enter at most 720 minutes."),
        ("minutes", "soon", "Enter whole minutes, like 45."),
        ("tax_rate", "999999", "This tax is not charged any more. Choose another."),
        ("staff", "999999", "Somebody who was ticked does not give services any more."),
        ("staff", "x", "Somebody who was ticked is not known."),
        ("maya-price", "-5", "Enter the amount without a minus sign."),
        ("maya-price", "abc", "Enter an amount like 40 or 40.00."),
        ("maya-minutes", "-5", "Enter at least 1 minute."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(
    marcus, cut, maya, field, typed, told
):
    field = field.replace("maya", f"staff-{maya.pk}")
    answer = marcus.post(url(cut), form_of(marcus, url(cut)) | {field: typed})
    assert answer.status_code == 422
    page = says(answer)
    assert page.count(told) == 2  # Summed up above, and at the field.
    assert "Nothing was saved" in page
    cut.refresh_from_db()
    assert (cut.name, str(cut.price), differences(cut)) == ("Cut & finish", "$85.00", {})
    assert changes() == []


def test_a_row_with_an_error_stands_open(marcus, cut, maya):
    page = says(save(marcus, cut, **{own(maya, "price"): "-5"}))
    assert page.count('<details class="own-fields" open>') == 1


def test_who_gives_no_services_cannot_be_ticked_by_a_crafted_request(marcus, cut):
    jo = make_staff("Jo")
    assert save(marcus, cut, staff=[jo.pk]).status_code == 422
    left = make_staff("Nora", is_provider=True, is_active=False)
    assert save(marcus, cut, staff=[left.pk]).status_code == 422
    assert [person.name for person in cut.staff.all()] == ["Maya"]


def test_fields_of_somebody_who_gives_no_services_are_nobody_s(marcus, cut):
    jo = make_staff("Jo")
    save(marcus, cut, **{own(jo, "price"): "1"})
    assert differences(cut) == {}


def test_the_verb_itself_refuses_what_no_form_would_send(cut, maya):
    by, jo = make_staff("Marcus"), make_staff("Jo")
    gone = make_tax_rate("5", name="Old", archived_at="2026-01-01T00:00Z")
    closed = make_location("Closed", archived_at="2026-01-01T00:00Z")
    for wrong, told in (
        ({"price": dollars(-1)}, "cannot be below zero"),
        ({"price": dollars(2_000_000)}, "Check the price"),
        ({"minutes": 0}, "between 1 and 720 minutes"),
        ({"name": " "}, "what the service is called"),
        ({"own": {maya: Own(price=dollars(-1))}}, "cannot be below zero"),
        ({"own": {maya: Own(minutes=721)}}, "between 1 and 720 minutes"),
        ({"own": {jo: Own(price=dollars(1))}}, "Jo does not give services"),
        ({"own": {closed: Own(price=dollars(1))}}, "Closed is archived"),
        ({"staff": frozenset([jo])}, "Jo does not give services"),
        ({"tax_rate": gone}, "Old 5 % is archived"),
    ):
        with pytest.raises(Refused, match=told) as refused:
            update_service(service=cut, card=card_of(cut, **wrong), by=by)
        assert "Nothing was saved" in str(refused.value)
    assert changes() == []


def test_who_gave_it_and_left_may_stay_ticked_and_may_be_unticked(marcus, cut, maya):
    maya.is_active = False
    maya.save()
    assert "(no longer active)" in says(marcus.get(url(cut)))
    save(marcus, cut, price="90")
    assert maya in cut.staff.all()
    save(marcus, cut, staff=[])
    assert not cut.staff.exists()


def test_a_name_that_another_service_of_the_category_has_is_refused(marcus, cut):
    gloss = make_service("Gloss", 48)
    page = says(save(marcus, gloss, name="cut & FINISH"))
    assert "There is a service called “cut &amp; FINISH” under Hair already." in page
    assert save(marcus, gloss, price="50").status_code == 302


def test_a_service_that_is_not_there_is_not_found(marcus):
    assert marcus.get(reverse("manage:service", args=[999999])).status_code == 404


# --- New, archived, restored --------------------------------------------------------------------


def test_a_new_service_is_added_with_what_people_do_differently(marcus, maya):
    hair = make_category("Hair")
    data = form_of(marcus, NEW) | {
        "name": "Gloss",
        "category": hair.pk,
        "price": "48",
        "minutes": "30",
        "staff": [maya.pk],
        own(maya, "price"): "55",
    }
    answer = marcus.post(NEW, data, follow=True)
    assert "Gloss was added. It can be booked and sold from now on." in says(answer)
    gloss = Service.objects.get(name="Gloss")
    assert differences(gloss) == {"Maya": ("$55.00", None)}
    assert changes() == [
        ("Service: Gloss", "added", "", "Gloss"),
        ("Service: Gloss", "price with Maya", "", "$55.00"),
    ]


def test_the_new_form_sent_twice_adds_one(marcus, maya):
    hair = make_category("Hair")
    data = {"name": "Gloss", "category": hair.pk, "price": "48", "minutes": "30"}
    first, second = (marcus.post(NEW, data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Service.objects.filter(name="Gloss").count() == 1
    assert len(changes()) == 1
    other = marcus.post(NEW, data | {"price": "50"})
    assert other.status_code == 422
    assert "There is a service called “Gloss” under Hair already." in says(other)
    assert "Nothing was added" in says(other)


def test_a_service_is_archived_and_restored_once_each(marcus, cut):
    for _ in range(2):
        marcus.post(url(cut, "archive_service"))
    page = says(marcus.get(url(cut)))
    assert "Archived: no longer offered" in page
    assert "Cut &amp; finish" not in says(marcus.get(LIST))
    for _ in range(2):
        marcus.post(url(cut, "restore_service"))
    cut.refresh_from_db()
    assert not cut.is_archived
    assert [change[1:] for change in changes()] == [
        ("archived", "no", "yes"),
        ("archived", "yes", "no"),
    ]


def test_a_service_whose_name_was_taken_meanwhile_stays_archived(marcus, cut):
    archive_service(service=cut, by=make_staff("Marcus"))
    make_service("Cut & finish", 70)
    page = says(marcus.post(url(cut, "restore_service"), follow=True))
    assert "There is a service called" in page
    with pytest.raises(Refused):
        restore_service(service=cut, by=make_staff("Marcus"))


def test_the_verb_adds_one_of_two_equal_cards():
    by, card = make_staff("Marcus"), ServiceCard("Gloss", make_category(), dollars(48), 30)
    assert add_service(card=card, by=by) == add_service(card=card, by=by)


# --- What upper floors add ----------------------------------------------------------------------


class DepositForm(forms.Form):
    percent = forms.IntegerField(label="Deposit in percent", required=False, max_value=100)


class Deposits(Part):
    """A part as an upper floor would write it; it keeps its figures in memory."""

    key = "deposit"

    def __init__(self):
        self.kept = {}

    def forms(self, service, holders, data=None):
        return {holder: DepositForm(data, prefix=self.prefix(holder)) for holder in holders}

    def snapshot(self, service):
        return {f"deposit percent of {name}": str(value) for name, value in self.kept.items()}

    def save(self, service, forms):
        for holder, form in forms.items():
            percent = form.cleaned_data["percent"]
            if percent == 13:
                raise Refused("Thirteen percent brings bad luck. Nothing was saved.")
            if percent is not None:
                self.kept[str(holder or service)] = percent


@pytest.fixture
def deposits(monkeypatch):
    monkeypatch.setattr(service_parts, "_parts", {})
    part = Deposits()
    service_parts.add(part)
    return part


def test_a_part_s_fields_stand_in_the_same_place_and_are_saved_and_recorded_in_the_same_act(
    marcus, cut, maya, deposits
):
    page = says(marcus.get(url(cut)))
    assert page.count("Deposit in percent") == 3  # The service, Midtown, Maya.
    save(
        marcus,
        cut,
        price="90",
        **{"deposit-service-percent": "20", f"deposit-staff-{maya.pk}-percent": "30"},
    )
    assert deposits.kept == {"Cut & finish": 20, "Maya": 30}
    assert {change[1:] for change in changes()} == {
        ("price", "$85.00", "$90.00"),
        ("deposit percent of Cut & finish", "", "20"),
        ("deposit percent of Maya", "", "30"),
    }


def test_what_a_part_refuses_undoes_the_whole_act(marcus, cut, deposits):
    refused = save(marcus, cut, price="90", **{"deposit-service-percent": "13"})
    assert "Thirteen percent brings bad luck. Nothing was saved." in says(refused)
    wrong = save(marcus, cut, price="90", **{"deposit-service-percent": "101"})
    assert wrong.status_code == 422
    cut.refresh_from_db()
    assert str(cut.price) == "$85.00"
    assert changes() == []


def test_a_part_is_added_once(deposits):
    with pytest.raises(ValueError, match="added already"):
        service_parts.add(Deposits())


# --- What is kept free, and online ---------------------------------------------------------------


def test_minutes_kept_free_and_online_booking_are_set_and_recorded(marcus, cut):
    form = form_of(marcus, url(cut))
    assert (form["buffer_before"], form["buffer_after"], form["books_online"]) == ("0", "0", ["on"])
    del form["books_online"]
    marcus.post(url(cut), form | {"buffer_before": "10", "buffer_after": ""})
    cut.refresh_from_db()
    assert (cut.buffer_before, cut.buffer_after, cut.books_online) == (10, 0, False)
    told = {(setting, before, after) for _, setting, before, after in changes()}
    assert told == {
        ("Minutes kept free before", "0", "10"),
        ("Clients may book it online", "True", "False"),
    }


def test_too_many_minutes_kept_free_are_refused(marcus, cut):
    refused = save(marcus, cut, buffer_after="241")
    assert refused.status_code == 422
    assert "Enter at most 240 minutes." in says(refused)
    with pytest.raises(Refused, match="at most 240 minutes free before"):
        update_service(service=cut, card=card_of(cut, buffer_before=-1), by=make_staff("Marcus"))
