"""An import at a terminal: checked, taken in, taken back; and what is refused there."""

import pytest
from django.core.management import CommandError, call_command

from clients.models import Client
from imports.models import Import, Status
from tests.factories import make_location, make_staff
from tests.imports.helpers import BEN, CLARA, INES, csv_of
from tests.ledger.books import assert_well

pytestmark = pytest.mark.django_db
HEADER = ["Given", "Surname", "Email", "Mobile", "Owed to them"]
NAMED = ["first_name=Given", "balance=Owed to them"]


@pytest.fixture(autouse=True)
def olivia(db):
    return make_staff("Olivia", location=make_location())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_bytes(csv_of(CLARA, BEN, INES, header=HEADER))
    return path


def run(capsys, file, **options):
    call_command(
        "import_clients", file, **{"location": "Midtown", "by": "olivia", "map": NAMED, **options}
    )
    return capsys.readouterr().out


def test_a_file_is_checked_taken_in_and_taken_back(capsys, file):
    out = run(capsys, file)
    assert "3 new clients, 0 known, 0 left out, 0 with problems." in out
    assert "$1,290.50 credit, $12.00 owed." in out
    assert "Nothing was taken in" in out
    assert not Client.objects.exists()

    out = run(capsys, file, control_total="1278.50", yes=True)
    assert "Taken in: 3 clients." in out
    import_ = Import.objects.get(status=Status.DONE)
    assert Client.objects.active().count() == 3
    call_command("take_back_import", str(import_.uuid), by="olivia", yes=True)
    assert "Taken back. 0 clients stayed." in capsys.readouterr().out
    assert not Client.objects.active().exists()
    assert_well()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"location": "Nowhere"}, "There is Midtown. Nothing was done."),
        ({"by": "nobody"}, "Nobody logs in as nobody."),
        ({"by": "jo"}, "may not"),
        ({"map": ["first_name=Nickname"]}, "the columns are Given"),
        ({"control_total": "much"}, "--control-total: Enter an amount"),
        ({"control_total": "1", "yes": True}, "Nothing went in."),
        ({"control_total": "1278.50"}, "say --yes"),
        ({"map": ["first_name="], "file": "none.csv"}, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_goes_in(capsys, file, monkeypatch, options, said):
    make_staff("Jo")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match=said.replace("$", r"\$")):
        run(capsys, options.pop("file", file), **options)
    assert not Client.objects.exists()


def test_an_import_that_nobody_knows_or_that_is_not_in_is_not_taken_back(capsys, file):
    run(capsys, file)
    for uuid in ("6b0b6a80-0000-4000-8000-000000000000", str(Import.objects.get().uuid)):
        with pytest.raises(CommandError, match="Nothing was"):
            call_command("take_back_import", uuid, by="olivia", yes=True)
