"""A PostgreSQL server of our own: made once, found again, safe to start twice and after a kill."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import ROOT, ToolError, binaries, postgres
from tools.cluster import LONGEST_SOCKET_DIR, Cluster


@pytest.fixture
def own(cluster_home):
    cluster = Cluster(cluster_home)
    yield cluster
    cluster.destroy()


@pytest.mark.cluster
def test_one_server_lives_through_its_life(own):
    with ThreadPoolExecutor(4) as threads:
        started = list(threads.map(lambda _: Cluster(own.home.parent).start(), range(4)))
    assert started.count(True) == 1, "starting at once starts one server"
    postgres.prepare(own)
    postgres.prepare(own)
    own.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)", "salon")
    own.kill()
    assert own.start() is True
    assert own.sql("SELECT n FROM kept", "salon") == "1"
    assert own.socket_dir.stat().st_mode & 0o077 == 0
    own.stop()
    assert not own.is_running()
    assert not own.is_alive()


@pytest.mark.cluster
def test_the_last_one_to_let_go_stops_the_server(own):
    other = Cluster(own.home.parent)
    own.hold()
    other.hold()
    own.start()
    own.release(stop=True)
    assert other.is_running()
    other.release(stop=True)
    assert not other.is_running()


@pytest.mark.cluster
def test_half_made_data_is_never_found(own, monkeypatch):
    monkeypatch.setattr(own, "_locale", lambda: ["--locale=no-such-place"])
    with pytest.raises(ToolError, match="initdb failed"):
        own.start()
    assert not own.data.exists()
    assert not list(own.home.glob("new-*"))


def test_a_socket_path_that_is_too_long_goes_to_the_temporary_folder(tmp_path):
    short, long = Cluster(tmp_path / "x"), Cluster(tmp_path / ("x" * 90))
    assert len(str(long.socket_dir)) <= LONGEST_SOCKET_DIR
    assert long.socket_dir != Cluster(tmp_path / ("y" * 90)).socket_dir
    assert short.home in short.socket_dir.parents or len(str(tmp_path)) > 60


def test_a_folder_without_initdb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("SALON_PG_BIN", str(tmp_path))
    with pytest.raises(ToolError, match="no initdb"):
        binaries.find_bin_dir()


def test_the_tools_need_the_standard_library_only():
    """`-S -I` hides every installed package; the program's folder is put back by hand."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import tools.run, tools.chromium, tools.environment, tools.lock, tools.install"
    )
    subprocess.run([sys.executable, "-S", "-I", "-c", code], check=True)
