"""The demo in a test, with a clock in a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import moving
from salon import clock


@pytest.fixture
def demo_on(settings, tmp_path: Path) -> Iterator[Path]:
    """The program is a demo, whose clock nobody has moved yet."""
    settings.DEMO = True
    settings.DEMO_CLOCK = tmp_path / "clock"
    clock.move_by(moving.ahead)
    yield settings.DEMO_CLOCK
    clock.move_by(None)
