"""The environment's table, and the page of the documentation that shows it."""

import re

import pytest
from django.conf import settings

from salon import env

DOCS = settings.BASE_DIR / "docs" / "settings.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, env.Variable]:
    rows = ROW.findall(DOCS.read_text(encoding="utf-8"))
    return {name: env.Variable(name, default, text) for name, default, text in rows}


def test_the_documentation_shows_every_variable_as_it_is():
    assert documented() == env.VARIABLES


def test_every_variable_is_read_somewhere():
    roots = ("salon", "tools", "gunicorn.conf.py", "manage.py")
    paths = [p for r in roots for p in (settings.BASE_DIR / r, *(settings.BASE_DIR / r).rglob("*"))]
    code = "".join(p.read_text() for p in paths if p.suffix == ".py" and p.name != "env.py")
    assert [name for name in env.VARIABLES if f'"{name}"' not in code] == []


def test_a_variable_that_nobody_declared_is_an_error():
    with pytest.raises(KeyError):
        env.text("COLOR_OF_THE_WALLS")


def test_a_missing_one_says_what_it_is_for(monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(env.MissingVariableError, match=r"SECRET_KEY is not set\. Signs"):
        env.required("SECRET_KEY")


def test_empty_means_the_default(monkeypatch):
    monkeypatch.setenv("PORT", " ")
    assert env.number("PORT") == 8000


@pytest.mark.parametrize(("typed", "meant"), [("1", True), ("Yes", True), ("0", False)])
def test_flags_are_read_as_people_write_them(monkeypatch, typed, meant):
    monkeypatch.setenv("DEMO", typed)
    assert env.flag("DEMO") is meant


def test_lists_drop_what_is_empty(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, ,b.example,")
    assert env.listing("ALLOWED_HOSTS") == ["a.example", "b.example"]
