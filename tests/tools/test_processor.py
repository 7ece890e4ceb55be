"""The test processor of `make run`: its port, its keys, its command."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.testprocessor.asking import ask
from tools import ROOT, ToolError, processor

PUBLIC = "http://127.0.0.1:8000"


def taken(port=0):
    held = socket.socket()
    held.bind(("127.0.0.1", port))
    held.listen()
    return held, held.getsockname()[1]


def test_its_port_is_the_next_free_one_and_is_remembered(tmp_path):
    held, port = taken()
    with held:
        processor.choose_port("127.0.0.1", port - 1, tmp_path)
    chosen = int((tmp_path / "port").read_text())
    assert port < chosen <= port + 20
    base = processor.environment("127.0.0.1", port - 1, PUBLIC, tmp_path)["STRIPE_API_BASE"]
    assert base == f"http://127.0.0.1:{chosen}"


def test_without_a_free_port_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(processor, "_is_free", lambda host, port: False)
    with pytest.raises(ToolError, match="No port from 8001 on"):
        processor.choose_port("127.0.0.1", 8000, tmp_path)


def test_before_the_first_run_it_is_the_next_one(tmp_path):
    base = processor.environment("127.0.0.1", 8000, PUBLIC, tmp_path)["STRIPE_API_BASE"]
    assert base == "http://127.0.0.1:8001"


def test_its_keys_are_made_once_and_for_us_alone(tmp_path):
    first = processor.environment("127.0.0.1", 8000, PUBLIC, tmp_path)
    assert processor.environment("127.0.0.1", 8000, PUBLIC, tmp_path) == first
    other = processor.environment("127.0.0.1", 8000, PUBLIC, tmp_path / "other")
    assert other["STRIPE_SECRET_KEY"] != first["STRIPE_SECRET_KEY"]
    assert oct((tmp_path / "key").stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    ("host", "public", "name"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "127.0.0.1"),
        ("127.0.0.1", "https://salon.example", "127.0.0.1"),
        ("0.0.0.0", "http://192.168.1.5:8000", "192.168.1.5"),
        ("0.0.0.0", "http://127.0.0.1:8000", "127.0.0.1"),
    ],
)
def test_phones_find_it_where_they_find_the_web(tmp_path, host, public, name):
    base = processor.environment(host, 8000, public, tmp_path)["STRIPE_API_BASE"]
    assert base == f"http://{name}:8001"


def test_its_command_is_told_everything():
    given = {
        "HOST": "0.0.0.0",
        "PUBLIC_URL": "http://192.168.1.5:8000",
        "STRIPE_API_BASE": "http://192.168.1.5:8001",
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
    }
    words = processor.command(given)
    options = dict(zip(words[3::2], words[4::2], strict=True))
    assert options == {
        "--host": "0.0.0.0",
        "--port": "8001",
        "--public": "http://192.168.1.5:8001",
        "--state": str(processor.HOME / "books.db"),
        "--webhook": "http://192.168.1.5:8000/cards/events/",
        "--secret": "whsec_1",
    }


def test_as_a_program_it_answers_and_ends_when_told(tmp_path):
    held, port = taken()
    held.close()
    command = [sys.executable, "-m", "testprocessor", "--port", str(port)]
    state = ["--state", str(tmp_path / "deep" / "books.db")]
    running = subprocess.Popen([*command, *state], cwd=ROOT, env=os.environ)
    try:
        assert answer(port, running)[0] == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 0
    finally:
        running.kill()
        running.wait()
    assert (tmp_path / "deep" / "books.db").exists()


def answer(port, running):
    deadline = time.monotonic() + 30
    while running.poll() is None and time.monotonic() < deadline:
        try:
            return ask(f"http://127.0.0.1:{port}", "GET", "/v1/balance")
        except OSError:
            time.sleep(0.05)
    pytest.fail("It does not start.")
