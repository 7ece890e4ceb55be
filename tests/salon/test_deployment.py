"""check_deployment tells what is missing, and says so in its exit code."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from salon import deployment


def said(capsys):
    with pytest.raises(SystemExit) as end:
        call_command("check_deployment")
    assert end.value.code == 1
    return capsys.readouterr().out


def test_a_demo_is_told_what_it_lacks(db, capsys, settings):
    settings.DEMO, settings.PUBLIC_URL = True, "http://127.0.0.1:9"
    out = said(capsys)
    assert "MEND  Neither DEBUG nor DEMO is on: DEMO on" in out
    assert "MEND  PUBLIC_URL is https" in out
    assert "MEND  The worker is running: never heard of" in out
    assert "to mend." in out


def test_the_tests_own_logins_are_as_they_should_be(db):
    assert deployment.web_owns_nothing().is_well
    assert deployment.schema_is_current().is_well
    assert deployment.database_is_new_enough().is_well
    assert deployment.commits_are_kept().question


def test_a_superuser_s_login_is_refused(committing_db):
    from tests.harness import databases

    with databases.connected_to(committing_db.superuser_url):
        answer = deployment.web_owns_nothing()
    assert not answer.is_well
    assert "superuser" in answer.found


@pytest.mark.parametrize(("ago", "is_well"), [(30, True), (3600, False)])
def test_a_worker_that_went_quiet_is_noticed(db, ago, is_well):
    seen = timezone.now() - dt.timedelta(seconds=ago)
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (%s)", [seen])
    assert deployment.worker_is_alive().is_well is is_well


def test_a_question_that_breaks_is_an_answer(monkeypatch):
    def nobody_knows():
        raise RuntimeError("the cable is out")

    monkeypatch.setattr(deployment, "ASKED", [nobody_knows])
    [answer] = deployment.answers()
    assert (answer.question, answer.found, answer.is_well) == (
        "nobody knows",
        "the cable is out",
        False,
    )


def test_a_site_without_its_headers_is_told(settings):
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    assert not deployment.site_answers().is_well
