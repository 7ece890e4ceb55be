"""An exception from the deposit rules for one client: set, changed, cleared, shown."""

from decimal import Decimal

import pytest
from django.urls import reverse

from deposits.models import ClientDeposit
from deposits.rules.excepting import clear_exception, exception_of, set_exception
from salon import clock
from salon.errors import Refused
from salon.models import SettingChange
from tests.factories import dollars, make_browser, make_client, make_desk

pytestmark = pytest.mark.django_db


def url(client, page="exception"):
    return reverse(f"deposits:{page}", args=[client.pk])


def changes():
    return [(c.setting, c.before, c.after) for c in SettingChange.objects.order_by("id")]


def test_an_exception_is_set_changed_and_cleared_and_each_is_recorded(clara):
    desk = make_desk("Marcus")
    set_exception(client=clara, kind="percent", percent=Decimal(10), note=" a  friend ", desk=desk)
    row = set_exception(client=clara, kind="none", percent=Decimal(10), desk=desk)
    assert (row.kind, row.percent, row.amount) == ("none", None, None)
    assert row.set_by == desk.staff
    clear_exception(client=clara, desk=desk)
    clear_exception(client=clara, desk=desk)
    assert exception_of(clara) is None
    name = "deposit exception"
    assert changes() == [
        (name, "", "10 % of the price · a friend"),
        (name, "10 % of the price · a friend", "no deposit"),
        (name, "no deposit", ""),
    ]


def test_the_front_desk_may_not(clara):
    desk = make_desk("Jo")
    with pytest.raises(Refused, match="may not make exceptions"):
        set_exception(client=clara, kind="none", desk=desk)
    with pytest.raises(Refused, match="may not make exceptions"):
        clear_exception(client=clara, desk=desk)
    jo = make_browser("Jo")
    assert jo.get(url(clara)).status_code == 403
    assert jo.post(url(clara), {"kind": "none"}).status_code == 403
    assert "Make an exception" not in jo.get(url(clara, "of_client")).content.decode()


@pytest.mark.parametrize(
    "crafted",
    [{"kind": "half"}, {"kind": "percent"}, {"kind": "amount", "amount": dollars(0)}],
)
def test_what_asks_for_nothing_in_particular_is_refused(crafted, clara):
    with pytest.raises(Refused):
        set_exception(client=clara, desk=make_desk("Marcus"), **crafted)
    assert not ClientDeposit.objects.exists()


def test_an_archived_client_gets_none_and_a_merged_one_s_goes_to_the_survivor(clara):
    ben = make_client("Ben Okafor", archived_at=clock.now())
    with pytest.raises(Refused, match="archived"):
        set_exception(client=ben, kind="none", desk=make_desk("Marcus"))
    old = make_client("Clara Nunez", archived_at=clock.now(), merged_into=clara)
    set_exception(client=old, kind="none", desk=make_desk("Marcus"))
    assert exception_of(clara) == exception_of(old)


def test_it_is_set_and_shown_on_the_client_s_page():
    clara = make_client("Clara Nuñez")
    marcus = make_browser("Marcus")
    assert url(clara, "of_client") in marcus.get(f"/clients/{clara.pk}/").content.decode()
    assert "Make an exception" in marcus.get(url(clara, "of_client")).content.decode()
    done = marcus.post(url(clara), {"kind": "amount", "amount": "15", "note": "Always late"})
    assert done.status_code == 302
    slot = marcus.get(url(clara, "of_client")).content.decode()
    assert "Exception: $15.00 for each service" in slot
    assert "Always late" in slot
    assert "Let the rules count" in marcus.get(url(clara)).content.decode()
    marcus.post(url(clara), {"act": "clear"})
    assert "Exception:" not in marcus.get(url(clara, "of_client")).content.decode()


def test_in_a_sheet_the_answer_leads_back_to_the_client(clara):
    headers = {"HX-Request": "true", "HX-Target": "sheet"}
    marcus = make_browser("Marcus")
    sheet = marcus.get(url(clara), headers=headers).content.decode()
    assert "<html" not in sheet
    wrong = marcus.post(url(clara), {"kind": "percent", "percent": ""}, headers=headers)
    assert wrong.status_code == 422
    assert "Enter the percentage." in wrong.content.decode()
    done = marcus.post(url(clara), {"kind": "full"}, headers=headers)
    assert done["HX-Redirect"] == f"/clients/{clara.pk}/"
