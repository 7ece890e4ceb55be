"""hledger and ledger: found on the PATH, else where they were unpacked, else fetched or told of."""

import pytest

from tools import ToolError, judges


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine that has neither, and nothing to fetch them with."""
    monkeypatch.setattr(judges, "UNPACKED", tmp_path / "judges")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def put(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def test_the_machines_own_goes_first(bare):
    put(bare / "bin" / "ledger")
    put(bare / "judges" / "usr" / "bin" / "ledger")
    assert judges.find("ledger").path == bare / "bin" / "ledger"


def test_an_unpacked_one_is_given_its_libraries(bare):
    put(bare / "judges" / "usr" / "bin" / "ledger")
    put(bare / "judges" / "usr" / "lib" / "x86" / "libboost.so.1")
    found = judges.find("ledger")
    assert found.environment["LD_LIBRARY_PATH"].startswith(str(bare / "judges/usr/lib/x86"))
    assert found.environment["LC_ALL"] == "C.UTF-8"


def test_where_neither_way_works_it_says_what_is_missing(bare):
    assert judges.find("hledger") is None
    with pytest.raises(ToolError, match="need hledger and ledger on the PATH"):
        judges.provide()


def test_who_is_not_root_unpacks(bare, monkeypatch):
    put(bare / "bin" / "apt-get")
    monkeypatch.setattr(judges.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(judges, "install_debian", lambda: pytest.fail("only root installs"))
    unpacked = [bare / "judges" / "usr" / "bin" / name for name in judges.NAMES]
    monkeypatch.setattr(judges, "unpack_debian", lambda: [put(path) for path in unpacked])
    assert [judge.path for judge in judges.provide()] == unpacked
