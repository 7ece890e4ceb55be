"""The demo's outbox: what would have been sent can be read, and harms nobody."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import include, path

from salon import outbox, urls

urlpatterns = [path("outbox/", include("salon.outbox_urls")), *urls.urlpatterns]

MAIL_BACKEND = "salon.outbox.EmailBackend"


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.ROOT_URLCONF = __name__
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.EMAIL_BACKEND = MAIL_BACKEND


@pytest.fixture
def receipt():
    message = EmailMultiAlternatives(
        "Your receipt, Clara Nuñez", "Total $85.00", "desk@salon.example", ["clara@salon.example"]
    )
    html = "<p style='color: green'>Total $85.00</p><script>1</script>"
    message.attach_alternative(html, "text/html")
    message.send()
    return outbox.newest_mails()[0]


def test_a_sent_message_can_be_read_again(receipt):
    assert receipt.subject == "Your receipt, Clara Nuñez"
    assert receipt.to == "clara@salon.example"
    assert receipt.text.strip() == "Total $85.00"
    assert "color: green" in receipt.html


def test_the_newest_message_stands_on_top(receipt):
    EmailMultiAlternatives("Later", "text", "a@salon.example", ["b@salon.example"]).send()
    assert [mail.subject for mail in outbox.newest_mails()] == ["Later", receipt.subject]


def test_the_list_links_to_the_message(db, client, receipt):
    page = client.get("/outbox/")
    assert "Your receipt, Clara Nuñez" in page.content.decode()
    assert client.get(f"/outbox/{receipt.name}/").status_code == 200


def test_an_empty_outbox_says_so(db, client):
    assert "Nothing sent yet" in client.get("/outbox/").content.decode()


def test_the_html_of_a_message_runs_in_a_sandbox(db, client, receipt):
    answer = client.get(f"/outbox/{receipt.name}/html/")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["20260101T000000000000-deadbeef", "..%2f..%2fmanage", "x"])
def test_a_name_that_is_no_message_is_not_found(db, client, name):
    assert client.get(f"/outbox/{name}/").status_code == 404


def test_there_is_no_outbox_outside_the_demo(db, client, settings):
    settings.ROOT_URLCONF = "salon.urls"
    assert client.get("/outbox/").status_code == 404
