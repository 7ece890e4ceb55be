"""A client's name, or parts of it, as a condition of a query on `clients_client c`."""

from typing import Any

MOST = 5
"""Words that count."""


def named(words: str) -> tuple[str, dict[str, Any]]:
    """The condition, after an `and` of its own, and its values; nothing where nothing was typed.

    As the search over clients reads them: without accents, in any order, anywhere in a word.
    """
    typed = words.replace("\x00", "").split()[:MOST]
    condition = "".join(
        f" and c.search like '%%' || salon_search_text(%(word{n})s) || '%%'"
        for n in range(len(typed))
    )
    return condition, {f"word{n}": word for n, word in enumerate(typed)}
