"""The browser and the server that it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django import DjangoDbBlocker

from tests.factories import PASSWORD
from tests.harness.databases import Database
from tools import chromium

WIDTHS = (390, 820, 1440)
"""Pixels: a phone, a tablet, the desk; the desk last, so that a page stays there."""
PATIENCE = 15_000
"""Milliseconds that an expectation waits: some pages ask anew every five seconds, and the first
answer of its kind takes its time on a busy machine."""
expect.set_options(timeout=PATIENCE)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
"""For `pytest.mark.browser_context_args`: narrow, touched."""


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
        # A color on its way to another one has no contrast to speak of.
        "reduced_motion": "reduce",
    }


def log_in(page: Page, name: str) -> Page:
    """Log in by the form as one of the cast; the page after it is there, scripts and all."""
    page.goto("/login/")
    page.locator("#id_username").fill(name.lower())
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    # Every other address would do for "**/", this one too.
    page.wait_for_url(lambda address: "/login/" not in address)
    return page


def arrive(sign: Locator) -> None:
    """Wait for the page that has this sign, which the page before has not, and for its scripts.

    Scripts come last: what is seen, and has the focus, may not yet listen to keys and clicks.
    """
    expect(sign).to_be_visible()
    sign.page.wait_for_load_state()


def all_is_there(page: Page) -> None:
    """Wait for what comes late too: the slots that upper floors fill, and what those ask for."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .skeleton")).to_have_count(0)


def press(page: Page, key: str) -> None:
    """A key, once the page listens. Before, await something that only this page has."""
    page.wait_for_load_state()
    page.keyboard.press(key)


class Wire:
    """A page's requests to one address, which a test takes into its own hands when it wants.

    Laid before the page opens: a busy browser lets a request pass that comes right after.
    """

    def __init__(self, page: Page, pattern: str) -> None:
        self.takes: Callable[[Route], object] = Route.continue_
        page.route(pattern, lambda route: self.takes(route))


def is_clean(page: Page, part: str | None = None, *, widths: Sequence[int] = ()) -> None:
    """Axe finds nothing in the page, or in this part of it, and nothing slides sideways.

    As wide as the page is, or at each of `widths` in pixels.
    """
    page.wait_for_load_state()
    # What is being asked for anew is dimmed meanwhile.
    expect(page.locator(".htmx-request")).to_have_count(0)
    for width in widths or [None]:
        if width:
            page.set_viewport_size({"width": width, "height": 900})
        found = (Axe().run(page, part) if part else Axe().run(page)).response["violations"]
        named = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        assert not named, (page.url, width, named)
        nothing_slides_sideways(page)


def is_well(page: Page) -> None:
    """Clean once all is there: at three widths, and in the dark."""
    all_is_there(page)
    is_clean(page, widths=WIDTHS)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        is_clean(page)


def nothing_slides_sideways(page: Page) -> None:
    """The page is no wider than its window."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
