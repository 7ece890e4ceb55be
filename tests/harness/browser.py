"""The browser and the server that it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from pytest_django import DjangoDbBlocker

from tests.harness.databases import Database
from tools import chromium


@dataclass(frozen=True)
class LiveDesk:
    """A server that answers with the code of this process, on a database of this test's own."""

    url: str
    database: Database


@pytest.fixture(scope="session")
def live_address(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """One server for the session. Each request connects anew, to the database of the moment."""
    with django_db_blocker.unblock():
        thread = LiveServerThread("localhost", StaticFilesHandler, connections_override={})
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
        if thread.error:
            raise thread.error
        try:
            yield f"http://localhost:{thread.port}"
        finally:
            thread.terminate()


@pytest.fixture
def live_desk(live_address: str, committing_db: Database) -> LiveDesk:
    """The running desk; `page.goto("/clients/")` is relative to it."""
    return LiveDesk(live_address, committing_db)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """In place of pytest-playwright's: the machine's Chromium; nothing is downloaded."""
    found = chromium.find()
    if found is None:
        pytest.fail("There is no Chromium here: `make test` brings one.")
    return {
        "executable_path": str(found.path),
        "args": chromium.FLAGS,
        "env": found.environment,
        "headless": True,
    }


@pytest.fixture(scope="session")
def browser_context_args(live_address: str) -> dict[str, Any]:
    """Contexts as a salon's tablet has them."""
    return {
        "base_url": live_address,
        "locale": "en-US",
        "timezone_id": "America/New_York",
        "viewport": {"width": 1440, "height": 900},
    }
