"""What every page tells the browser: run and show nothing that does not come from us."""

import pytest
from django.contrib import admin

from tests.factories import make_location, make_staff


def test_every_page_carries_the_policy(db, client):
    answer = client.get("/login/")
    policy = answer["Content-Security-Policy"]
    for part in ("script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.browser
def test_every_page_of_the_admin_works_under_the_policy(live_desk, page, client):
    make_location()
    client.force_login(make_staff("Olivia", is_staff=True, is_superuser=True))
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_desk.url}])
    refused = []
    page.on("console", lambda message: refused.append((page.url, message.text)))
    for address in admin_addresses():
        page.goto(address, wait_until="load")
    assert [(url, text) for url, text in refused if "Content Security Policy" in text] == []


def admin_addresses() -> list[str]:
    """The index, and for each model its list and its form, whether or not it may be added to."""
    models = [f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in admin.site._registry]
    return ["/admin/", *models, *(f"{address}add/" for address in models)]
