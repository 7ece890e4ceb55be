"""The owner's codes: kept in the admin, each change recorded; the most specific one counts."""

import pytest
from django.urls import reverse

from ledger import accounts
from ledger.exporting.chart import made_of
from ledger.exporting.formats import formats
from ledger.exporting.names import Names
from ledger.legs import Move
from ledger.models import AccountCode
from salon.models import SettingChange
from tests.factories import make_browser, make_role, make_staff
from tests.ledger.books import act

LIST, ADD = "admin:ledger_accountcode_changelist", "admin:ledger_accountcode_add"


@pytest.fixture
def olivia(db):
    """An owner by her role alone."""
    return make_browser(make_staff("Olivia", role=make_role("Owner"), is_superuser=False))


@pytest.fixture
def drawer(desk):
    name = accounts.cash(desk.till)
    act(desk, Move(name, 100), Move(accounts.BANK, -100))
    return name


def add(browser, **fields):
    data = {"kind": "cash", "name": "", "code": "1010", "title": ""} | fields
    return browser.post(reverse(ADD), data)


def named(program: str, kind: str, name: str, *codes: AccountCode, together: bool = False) -> str:
    return Names(formats()[program].legal, made_of(codes), together).text(kind, name)


def test_this_account_goes_before_its_kind():
    every = AccountCode(kind="cash", code="1000", title="Cash")
    till = AccountCode(kind="cash", name="cash/till:1", code="1010", title="Front drawer")
    assert named("hledger", "cash", "cash/till:1", every, till) == "Assets:1010 Front drawer"
    assert named("hledger", "cash", "cash/till:2", every, till) == "Assets:1000 Cash"
    assert named("beancount", "cash", "cash/till:1", every, till) == "Assets:1010-Front-drawer"
    assert named("hledger", "bank", "bank/", every, till) == "Assets:Bank account"


def test_clients_that_are_apart_stay_apart_under_a_code():
    code = AccountCode(kind="client_credit", code="2100", title="Clients")
    of = ("hledger", "client_credit", "client_credit/client:42")
    assert named(*of) == "Liabilities:Client credit:Client 42"
    assert named(*of, code) == "Liabilities:2100 Clients:Client 42"
    assert named(*of, together=True) == "Liabilities:Client credit"
    assert named(*of, code, together=True) == "Liabilities:2100 Clients"


def test_one_code_is_one_account_with_one_name():
    drawer = AccountCode(kind="cash", code="1010")
    card = AccountCode(kind="card", code="1010", title="All money")
    owed = AccountCode(kind="tips", code="1010")
    for kind in ("cash", "card", "tips"):
        assert named("csv", kind, f"{kind}/x", drawer, card, owed) == "Assets:1010 All money"


def test_the_owner_sets_a_code_and_a_record_is_kept(olivia, drawer):
    assert drawer in olivia.get(reverse(ADD)).content.decode()
    assert add(olivia, name=drawer, title="Front drawer").status_code == 302
    code = AccountCode.objects.get()
    assert (code.name, code.code) == (drawer, "1010")
    assert SettingChange.objects.get().subject == "Account code: 1010 Front drawer"
    assert "Front drawer" in olivia.get(reverse(LIST)).content.decode()


def test_a_code_is_taken_away_and_a_record_is_kept(olivia):
    code = AccountCode.objects.create(kind="cash", code="1010")
    page = reverse("admin:ledger_accountcode_delete", args=[code.pk])
    assert olivia.post(page, {"post": "yes"}).status_code == 302
    assert not AccountCode.objects.exists()
    changes = SettingChange.objects.values_list("setting", "before", "after")
    assert ("Your code", "1010", "") in changes


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "cash"}, "with a digit among them"),
        ({"code": "10:10"}, "with a digit among them"),
        ({"kind": "card", "name": "cash/till:{till}"}, "This account is of the kind Cash"),
        ({"kind": "bank", "code": "4000", "title": "Bank"}, "is called “Sales” already"),
        ({"kind": "income"}, "This account has a code already."),
        ({"name": "client_credit/client:1"}, "Select a valid choice"),
    ],
)
def test_what_would_not_make_a_chart_is_refused(olivia, drawer, fields, words):
    AccountCode.objects.create(kind="income", code="4000", title="Sales")
    till = drawer.partition(":")[2]
    fields = {key: value.replace("{till}", till) for key, value in fields.items()}
    response = add(olivia, **fields)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert AccountCode.objects.count() == 1


def test_others_do_not_see_it(db):
    jo = make_browser(make_staff("Marcus", role=make_role("Manager")))
    assert jo.get(reverse(LIST)).status_code == 403
