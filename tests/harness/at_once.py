"""Several hands in one moment, each with a connection of its own, and who waits for a lock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from django.db import connection

from checkout.errors import Refused

LIMIT = 60
"""Seconds: who is not done by then waits for ever."""


def start(act: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Begin the act in a thread of its own; its connection is closed when it is over.

    Ask for `.result(LIMIT)`: that raises what the act raised.
    """
    done: Future[Any] = Future()

    def run() -> None:
        try:
            connection.ensure_connection()
            answer = act(*arguments)
        except BaseException as error:
            connection.close()
            done.set_exception(error)
        else:
            connection.close()
            done.set_result(answer)

    threading.Thread(target=run, daemon=True).start()
    return done


def at_once(
    *acts: Callable[[], Any], told: tuple[type[BaseException], ...] = (Refused,)
) -> list[Any]:
    """Run the acts in threads that start together; each one's answer, or its refusal.

    Only what is in `told` counts as a refusal: any other error of an act is raised here.
    """
    gate = threading.Barrier(len(acts), timeout=LIMIT)

    def one(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except told as refusal:
            return refusal

    hands = [start(one, act) for act in acts]
    late = wait(hands, LIMIT).not_done
    assert not late, f"{len(late)} of {len(acts)} wait for ever"
    return [hand.result() for hand in hands]


def until_waiting(sessions: int, attempts: int = 500) -> None:
    """Until so many other sessions of this database wait for a lock."""
    with connection.cursor() as cursor:
        for _ in range(attempts):
            cursor.execute("select pg_sleep(0.01), pg_stat_clear_snapshot()")
            cursor.execute(
                "select count(*) from pg_stat_activity "
                "where datname = current_database() and wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= sessions:
                return
    raise AssertionError("Nobody waited.")
