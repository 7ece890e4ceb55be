"""How a client's address is written in a narrow column."""

from clients.templatetags.clients import wraps_at_sign


def test_an_address_breaks_before_its_domain_and_is_escaped():
    assert wraps_at_sign("clara.nunez@example.com") == "clara.nunez<wbr>@example.com"
    assert wraps_at_sign("<b>@example.com") == "&lt;b&gt;<wbr>@example.com"
    assert wraps_at_sign("") == ""
