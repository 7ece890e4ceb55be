"""Finding clients as somebody types."""

import pytest
from django.db import connection

from clients.duplicates import with_same_contacts
from clients.listing import page_of_clients
from clients.models import Client
from clients.searching import find_clients
from salon import clock
from tests.factories import make_client


@pytest.fixture
def people(db):
    return {
        name: make_client(name, **fields)
        for name, fields in {
            "Clara Nuñez": {},
            "Ben Okafor": {},
            "Ines Duarte": {},
            "Søren Kierkegård": {"phone": "+4532123456", "email": "soren@example.dk"},
            "Ann Lee": {"phone": "+12125550199"},
            "Hannah Kleeman": {"email": "hk@example.com"},
            "Cher": {"email": ""},
        }.items()
    }


def names(query, limit=10):
    return [client.name for client in find_clients(query, limit)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("clara", "Clara Nuñez"),
        ("nuñez", "Clara Nuñez"),
        ("nunez", "Clara Nuñez"),
        ("NUNEZ", "Clara Nuñez"),
        ("Clara Nu", "Clara Nuñez"),
        ("nunez clara", "Clara Nuñez"),
        ("  clara   nunez ", "Clara Nuñez"),
        ("claar", "Clara Nuñez"),
        ("klara nunes", "Clara Nuñez"),
        ("okaffor", "Ben Okafor"),
        ("soren", "Søren Kierkegård"),
        ("kierkegard", "Søren Kierkegård"),
        ("kirkegard", "Søren Kierkegård"),
        ("ben@ex", "Ben Okafor"),
        ("0142", "Clara Nuñez"),
        ("555-0142", "Clara Nuñez"),
        ("(212) 555-0142", "Clara Nuñez"),
        ("+1 212 555 0142", "Clara Nuñez"),
        ("0142 clara", "Clara Nuñez"),
        ("032123456", "Søren Kierkegård"),
        ("ann lee", "Ann Lee"),
        ("lee ann", "Ann Lee"),
        ("cher", "Cher"),
    ],
)
def test_the_best_match_comes_first(people, typed, found):
    assert names(typed)[0] == found


def test_one_letter_finds_who_begins_with_it_by_first_or_last_name(people):
    assert names("k") == ["Hannah Kleeman", "Søren Kierkegård"]
    assert names("c") == ["Cher", "Clara Nuñez"]
    assert names("du") == ["Ines Duarte"]


@pytest.mark.parametrize(
    "typed", ["", "   ", "xq", "12", "zzzzzz", "%", "_", "\\", "%%%", "\x00", "'; --", "+", "-.-"]
)
def test_nothing_and_nonsense_find_nobody(people, typed):
    assert names(typed) == []


def test_a_percent_sign_is_a_letter_like_any_other(db):
    make_client("100%", email="")
    make_client("Ben Okafor")
    assert names("100%") == ["100%"]


def test_a_very_long_text_is_cut_and_not_an_error(people):
    assert names("clara " * 500)[0] == "Clara Nuñez"


def test_archived_clients_are_left_out(people):
    clara = people["Clara Nuñez"]
    clara.archived_at = clock.now()
    clara.save()
    assert "Clara Nuñez" not in names("clara")


def test_no_more_come_than_were_asked_for(db):
    for number in range(8):
        make_client(f"Ava Smith{number}")
    assert len(names("ava", limit=5)) == 5


def test_the_number_of_queries_is_fixed(people, django_assert_num_queries):
    # Savepoint, prepare, by last name, by first name, by parts, release, the clients themselves.
    with django_assert_num_queries(7):
        names("clara nunez")


FILL = """
    insert into clients_client (
        first_name, last_name, email, phone, note, blocked_reason, created_at)
    select initcap(substr(md5(i::text), 1, 6)), initcap(substr(md5((i + 1)::text), 1, 7)),
           i || '@example.com', '+1212' || (2000000 + i), '', '', now()
    from generate_series(1, 10000) i;
    analyze clients_client
"""


@pytest.fixture
def many(committing_db, connect):
    """Clara among ten thousand others, analyzed."""
    make_client("Clara Nuñez")
    connect(committing_db.owner_url).execute(FILL)


def plans_of(search):
    """The plan of each query on clients that `search` runs."""
    plans = []

    def explained(execute, sql, params, many, context):
        if sql.startswith("SELECT") and "clients_client" in sql:
            execute(f"explain {sql}", params, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        search()
    return plans


def test_among_many_clients_the_table_is_never_read_whole(many):
    for typed in ("c", "cl", "clara", "clara nunez", "0142", "klara nunes", "com", "ex c"):
        plans = plans_of(lambda typed=typed: find_clients(typed, 20))
        assert plans
        assert [plan for plan in plans if "Seq Scan" in plan] == [], typed
    assert find_clients("klara nunes", 1)[0].name == "Clara Nuñez"
    with connection.cursor() as cursor:
        cursor.execute("show enable_seqscan")
        assert cursor.fetchone() == ("on",)


def test_a_page_of_the_list_reads_its_index(many):
    _, more = page_of_clients(None)
    (plan,) = plans_of(lambda: page_of_clients(None))
    assert "clients_by_first_name" in plan
    plans = plans_of(lambda: page_of_clients(more))
    assert [plan for plan in plans if "Seq Scan" in plan] == []
    assert "clients_by_first_name" in plans[1]


def test_somebody_with_the_same_contacts_is_found_by_index(many):
    clara = Client(phone="+12125550142", email="CLARA@example.com")
    (plan,) = plans_of(lambda: list(with_same_contacts(clara)))
    assert "Seq Scan" not in plan
    assert [client.name for client in with_same_contacts(clara)] == ["Clara Nuñez"]
