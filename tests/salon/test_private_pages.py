"""What staff saw is gone from the browser once they have left."""

import pytest

from tests.factories import make_browser, make_client, make_desk

pytestmark = pytest.mark.django_db


def test_no_browser_keeps_a_clients_page_and_back_never_posts_again(client):
    desk = make_desk()
    clara = make_client("Clara")
    jo = make_browser(desk.staff)
    assert jo.get(f"/clients/{clara.pk}/")["Cache-Control"] == "private, no-store"
    assert jo.get("/clients/0/").status_code == 404
    assert jo.get("/clients/0/")["Cache-Control"] == "private, no-store"
    refused = jo.post(f"/clients/{clara.pk}/edit/", {})
    assert refused["Cache-Control"] == "private, no-cache"
    assert jo.post("/logout/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/login/")
