"""The index of reports, and the comparison with the trial balance."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from salon.reporting import registry
from salon.reporting.registry import BOOKS, Report, Tie
from tests.factories import make_browser, make_client, make_credit, make_desk, make_location


@pytest.fixture
def crooked(monkeypatch):
    """A report whose figure is a cent beside the books'."""
    monkeypatch.setattr(registry, "_reports", {})
    registry.add(
        Report(
            key="crooked",
            label="Crooked",
            about="Off by a cent.",
            group=BOOKS,
            url_name="reports:usage",
            position=1,
            ties=lambda on, place=None: [Tie("Credit", 4001, 4000)],
        )
    )


def test_each_person_sees_what_they_may_open(db):
    manager = make_browser("Marcus").get("/reports/").content.decode()
    owner = make_browser("Olivia").get("/reports/").content.decode()
    for report in registry.reports():
        assert report.label in owner
    assert "Client Account Usage" in manager
    assert "Who did what" not in manager
    assert make_browser("Jo").get("/reports/").status_code == 403


def test_the_index_takes_the_queries_of_the_frame_alone(db, django_assert_max_num_queries):
    browser = make_browser("Marcus")
    browser.get("/reports/")
    with django_assert_max_num_queries(8):
        browser.get("/reports/")


@pytest.mark.parametrize(
    "path",
    [
        "ties/nothing/?on=2026-11-24",
        "ties/audit/?on=2026-11-24",
        "ties/usage/",
        "ties/usage/?on=x",
        "ties/liability/?on=0001-01-01",
        "ties/day-close/?on=0001-01-01",
        "ties/deposits/?on=9999-12-31",
    ],
)
def test_there_is_no_comparison_of_nonsense(db, path):
    assert make_browser("Olivia").get(f"/reports/{path}").status_code == 404


def test_a_figure_that_does_not_tie_is_said_on_the_page(db, crooked):
    shown = make_browser("Marcus").get("/reports/ties/crooked/?on=2026-11-24").content.decode()
    assert "does not tie to the trial balance" in shown
    assert "$40.01 here, $40.00 in the trial balance" in shown


def test_tie_reports_ends_with_an_error_where_one_does_not(db, crooked, capsys):
    with pytest.raises(CommandError, match="1 figure does not tie"):
        call_command("tie_reports", on=dt.date(2026, 11, 24))
    assert "WRONG" in capsys.readouterr().out


def test_tie_reports_goes_through_all_of_them(db, capsys):
    make_credit(make_client(), 40)
    call_command("tie_reports", seed=7)
    said = capsys.readouterr().out
    assert said.count("As of the end of") == 3
    assert said.endswith("Every report ties to the trial balance.\n")


def test_with_a_location_chosen_a_page_is_compared_with_that_locations_books(db):
    uptown = make_location("Uptown")
    make_credit(make_client(), 40)
    make_credit(make_client("Ben Okafor"), 25, desk=make_desk(location=uptown))
    asked = {"on": make_desk().business_date.isoformat(), "location": uptown.pk}
    browser = make_browser("Marcus")
    page = browser.get("/reports/liability/", {"location": uptown.pk}).content.decode()
    assert f"&amp;location={uptown.pk}" in page
    shown = browser.get("/reports/ties/liability/", asked).content.decode()
    assert "Client credit ties to the books of Uptown at the end of" in shown
    assert "$25.00" in shown
    assert "$65.00" not in shown
    # What is paid at one location may have come to be owed at another.
    shown = browser.get("/reports/ties/ious/", asked).content.decode()
    assert "every location together, ties to the trial balance" in shown
