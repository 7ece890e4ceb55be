"""Finding clients while somebody types: name, phone or e-mail, accents and typos forgiven.

Every step reads an index and brings at most so many candidates; they are ranked here. So one letter
among a million clients costs what it costs among a hundred. Steps, each only when needed:

    digits   a fragment of the phone number, its end first
    prefix   the text begins a first name ("cla", "clara nu") or a last name ("nu")
    parts    each word stands somewhere in name, e-mail or phone ("nunez clara", "0142 clara")
    alike    nothing so far: words that look nearly so, by trigrams ("jonson", "nunnes")
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from clients.models import Client
from clients.naming import LAST_CHARACTER, LAST_NAME, SHOWN_NAME

CANDIDATES = 200
"""At most so many rows of each step are ranked."""
ALIKE_CANDIDATES = 500
ALIKE = 0.45
"""Share of a word's trigrams that a name must have: lets one letter in five be wrong."""

_PHONE = re.compile(r"[\d\s()+./-]+")
_TRIGRAM = 3
"""Shorter fragments can't be looked up inside a text, only where a word begins."""

Found = tuple[int, str]
"""A candidate: id, and the text it is searched by."""


Among = QuerySet[Client]
"""Who is searched."""


def find_clients(query: str, limit: int, *, archived: bool = False) -> list[Client]:
    """The best matches first: active clients, or only archived ones.

    Who was merged is found by the old name, phone and e-mail, and stands there as the one who
    stays, with `found_as` set to the merged one.
    """
    among = Client.objects.archived() if archived else Client.objects.findable()
    ids = [pk for pk, _ in islice(_unique(_find(query, limit, among)), limit)]
    clients = Client.objects.select_related("merged_into").in_bulk(ids)
    return _as_who_stands([clients[pk] for pk in ids])


def _as_who_stands(found: Iterable[Client]) -> list[Client]:
    """Merged clients replaced by who stands for them, each once, in the order found. No query."""
    standing: dict[int, Client] = {}
    for client in found:
        survivor = standing.setdefault(client.survivor_id, client.survivor)
        if survivor.is_archived and client.merged_into_id:
            del standing[client.survivor_id]
        elif survivor is client.merged_into:
            survivor.found_as = survivor.found_as or client
    return list(standing.values())


def _find(query: str, limit: int, among: Among) -> Iterable[Found]:
    with transaction.atomic():
        text = _prepare(query)
        if not text:
            return []
        if _PHONE.fullmatch(text):
            return list(_by_digits(re.sub(r"\D", "", text), among))
        words = text.split()
        found = [*_by_prefix(text, among), *_by_parts(words, among)]
        return (
            sorted(found, key=_ranking(text, words)) if found else list(_alike(words, limit, among))
        )


def _prepare(query: str) -> str:
    """The query as the column `search` is written, by the database's own rules and not a copy.

    And for this transaction alone: indexes only (a LIMIT makes Postgres hope to meet enough rows
    early, and read the whole table when there are none), and our own idea of what is alike.
    """
    squeezed = " ".join(query.replace("\x00", "").split())[:100]
    with connection.cursor() as cursor:
        cursor.execute(
            """select salon_search_text(%s::text), set_config('enable_seqscan', 'off', true),
                      set_config('pg_trgm.word_similarity_threshold', %s::text, true)""",
            [squeezed, str(ALIKE)],
        )
        return cursor.fetchone()[0]


def _candidates(among: Among, limit: int, *conditions: Q, **aliases: object) -> Iterable[Found]:
    clients: QuerySet[Client] = among.order_by().alias(**aliases)
    return clients.filter(*conditions).values_list("pk", "search")[:limit]


def _by_digits(digits: str, among: Among) -> Iterator[Found]:
    # Numbers are kept with their country code, in place of the zeros that one dials before them.
    if len(digits.lstrip("0")) >= _TRIGRAM:
        digits = digits.lstrip("0")
    if len(digits) < _TRIGRAM:
        return
    number = {"number": Cast("phone", TextField())}
    for condition in (Q(search__endswith=digits), Q(search__contains=digits)):
        found = _candidates(among, CANDIDATES, condition, Q(number__contains=digits), **number)
        yield from sorted(found, key=lambda candidate: candidate[1])


def _by_prefix(text: str, among: Among) -> Iterator[Found]:
    begins = Q(listed__gte=text, listed__lt=text + LAST_CHARACTER)
    for name in (LAST_NAME, SHOWN_NAME):
        yield from _candidates(among, CANDIDATES // 2, begins, listed=name)


def _by_parts(words: list[str], among: Among) -> Iterable[Found]:
    if max(map(len, words)) < _TRIGRAM:
        return []
    return _candidates(among, CANDIDATES, *map(_part, words))


def _part(word: str) -> Q:
    if len(word) >= _TRIGRAM:
        return Q(search__contains=word)
    return Q(search__startswith=word) | Q(search__contains=f" {word}")


def _alike(words: list[str], limit: int, among: Among) -> Iterable[Found]:
    words = [word for word in words if len(word) >= _TRIGRAM]
    if not words:
        return []
    near = _candidates(among, ALIKE_CANDIDATES, *(Q(search__trigram_word_similar=w) for w in words))
    likeness = sum((TrigramWordSimilarity(word, "search") for word in words), start=0.0)
    return (
        Client.objects.filter(pk__in=[pk for pk, _ in near])
        .annotate(likeness=likeness)
        .order_by(F("likeness").desc(), "search", "id")
        .values_list("pk", "search")[:limit]
    )


def _ranking(text: str, words: list[str]) -> Callable[[Found], tuple[bool, int, int, str, int]]:
    """Small is good: the whole text begins the name; more words are whole, more begin a word."""

    def rank(candidate: Found) -> tuple[bool, int, int, str, int]:
        pk, search = candidate
        there = search.split()
        whole = sum(word in there for word in words)
        begun = sum(any(part.startswith(word) for part in there) for word in words)
        return not search.startswith(text), -whole, -begun, search, pk

    return rank


def _unique(found: Iterable[Found]) -> Iterator[Found]:
    yield from dict(found).items()
