"""Imports, spending and taking back in any order, against four figures on a slate."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from clients.models import Client
from imports.errors import Refused
from imports.models import Earlier, Import, Status
from imports.running import run_take_in
from ledger.balances import balances_of
from ledger.errors import NotEnoughCredit
from salon.desk import Desk
from salon.money import minor
from tests.factories import make_client
from tests.harness import machines
from tests.imports.helpers import checked, confirmed, fresh, owner_s_desk, spend, taken_back

PEOPLE = ["Clara", "Ben", "Ines"]
rows = st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(-9, 9)), min_size=1, max_size=4)
people = st.sampled_from(PEOPLE)


class Imports(machines.NothingStays):
    """Clara is known before; the others come with the first import that names them."""

    @initialize()
    def open_the_shop(self) -> None:
        self.begin()
        self.desk: Desk = owner_s_desk()
        make_client("Clara", email="clara@example.com", phone="")
        self.net = dict.fromkeys(PEOPLE, 0)
        self.standing: list[tuple[Import, list[tuple[str, int]]]] = []
        self.touched: dict[int, set[str]] = {}

    @rule(rows=rows, on_top=st.booleans())
    def take_in(self, rows: list[tuple[str, int]], on_top: bool) -> None:
        """Who has a balance from an import that stands is left out, unless it is to come on top."""
        cells = [[who, "", f"{who.lower()}@example.com", "", str(figure)] for who, figure in rows]
        had_before = Earlier.ADD if on_top else Earlier.ASK
        import_ = checked(*cells, twice="add", had_before=had_before)
        if not on_top:
            twice = {who for who, figure in rows if figure} & self._had()
            rows = [row for row in rows if row[0] not in twice]
        if not rows:
            with pytest.raises(Refused, match="No row is left"):
                confirmed(import_, again=True)
            return
        assert import_.net.amount == sum(figure for _, figure in rows)
        confirmed(import_, again=True)
        assert run_take_in(import_.pk) == Status.DONE
        self._touch({who for who, figure in rows if figure})
        self.standing.append((fresh(import_), rows))
        self.touched[import_.pk] = set()
        for who, figure in rows:
            self.net[who] += 100 * figure

    @rule(who=people, dollars=st.integers(1, 9))
    def spend(self, who: str, dollars: int) -> None:
        client = Client.objects.filter(first_name=who).first()
        if client is None:
            return
        try:
            spend(client, 100 * dollars)
        except NotEnoughCredit:
            return
        self.net[who] -= 100 * dollars
        self._touch({who})

    @rule(which=st.integers(0, 9))
    def take_back(self, which: int) -> None:
        if not self.standing:
            return
        import_, rows = self.standing[which % len(self.standing)]
        had = {who for who, figure in rows if figure}
        try:
            import_ = taken_back(import_)
        except Refused:
            # Only where somebody spent, or something else came and went with it.
            assert had & self.touched[import_.pk]
            return
        assert import_.status == Status.TAKEN_BACK
        self.standing.remove(next(it for it in self.standing if it[0].pk == import_.pk))
        self._touch(had)
        for who, figure in rows:
            self.net[who] -= 100 * figure

    def _had(self) -> set[str]:
        return {who for _, rows in self.standing for who, figure in rows if figure}

    def _touch(self, names: set[str]) -> None:
        for touched in self.touched.values():
            touched |= names

    def everything_ends_right(self) -> None:
        """Everybody has what the slate says, and nobody stands twice."""
        found = {client.first_name: client for client in Client.objects.all()}
        assert Client.objects.count() == len(found)
        balances = balances_of(found.values(), self.desk.business_date)
        for who, client in found.items():
            assert minor(balances[client.pk].total) == self.net[who], who
        assert Client.objects.active().filter(first_name="Clara").exists()
        super().everything_ends_right()


def test_imports_in_any_order(db) -> None:
    machines.run(Imports, examples=4, steps=8, env="IMPORT_EXAMPLES")
