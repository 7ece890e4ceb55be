"""What stands beside a client's name in a list: this floor asks, upper floors answer.

The ledger adds what is available; it does so in AppConfig.ready():

    figures.add(available_of)
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from clients.models import Client
from salon.desk import Desk


@dataclass(frozen=True)
class Figure:
    """A short text; `kind` is what components/amount.html colors it by."""

    text: str
    kind: str = ""

    def __str__(self) -> str:
        """With its word, where nothing colors it: $40.00 credit, owes $12.00, $30.00 held."""
        if self.kind == "owes":
            return f"owes {self.text}"
        return f"{self.text} {self.kind}".strip()


Answer = Callable[[Sequence[Client], Desk], Mapping[int, Iterable[Figure]]]
"""answer(clients, desk): figures by client id, in a fixed number of queries."""

_answers: list[Answer] = []


def add(answer: Answer) -> None:
    """Ask this too."""
    if answer not in _answers:
        _answers.append(answer)


def figures_of(clients: Sequence[Client], desk: Desk) -> dict[int, list[Figure]]:
    """All figures of these clients by id. The number of queries does not grow with the clients."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for answer in _answers if clients else ():
        for client_id, figures in answer(clients, desk).items():
            found[client_id].extend(figures)
    return found
