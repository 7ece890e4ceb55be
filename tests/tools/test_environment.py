"""What `make run` fills in, and what it refuses to guess."""

import pytest

from tools import ToolError
from tools.environment import demo_environment

BOTH = {"DATABASE_URL": "postgres://web@db/salon", "DATABASE_OWNER_URL": "postgres://own@db/salon"}


def test_without_a_word_the_demo_runs_on_its_own_server():
    added = demo_environment({})
    assert added["DEMO"] == "1"
    assert "salon_web@" in added["DATABASE_URL"]
    assert "salon_owner@" in added["DATABASE_OWNER_URL"]
    assert added["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert len(added["SECRET_KEY"]) > 50


def test_another_database_is_used_as_it_is():
    added = demo_environment(BOTH)
    assert not {"DATABASE_URL", "DATABASE_OWNER_URL"} & set(added)


def test_the_webs_login_alone_is_refused():
    with pytest.raises(ToolError, match="DATABASE_OWNER_URL is not"):
        demo_environment({"DATABASE_URL": BOTH["DATABASE_URL"]})


def test_the_address_follows_the_port():
    assert demo_environment({"PORT": "8001"})["PUBLIC_URL"] == "http://127.0.0.1:8001"
    assert "PUBLIC_URL" not in demo_environment({"PUBLIC_URL": "http://desk.local"})


def test_on_all_interfaces_any_name_is_answered():
    assert demo_environment({"HOST": "0.0.0.0"})["ALLOWED_HOSTS"] == "*"


def test_the_secret_key_is_kept_between_runs():
    assert demo_environment({})["SECRET_KEY"] == demo_environment({})["SECRET_KEY"]


def test_the_demo_has_a_processor_of_its_own():
    added = demo_environment({"PORT": "8500"})
    assert added["STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert added["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")
    assert added["STRIPE_API_BASE"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "given",
    [
        {"DEMO": "0"},
        {"STRIPE_SECRET_KEY": "sk_test_mine"},
        {"STRIPE_API_BASE": "http://127.0.0.1:9"},
    ],
)
def test_who_names_a_processor_or_runs_no_demo_gets_none(given):
    assert not [name for name in demo_environment(given) if name.startswith("STRIPE_")]
