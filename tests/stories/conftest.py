"""Who looks at the desk from outside."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.harness.browser import PHONE, LiveDesk


@pytest.fixture
def phone(browser: Browser, live_desk: LiveDesk) -> Iterator[Page]:
    """The client's own phone: another browser, logged in nowhere."""
    context = browser.new_context(base_url=live_desk.url, locale="en-US", **PHONE)
    yield context.new_page()
    context.close()
