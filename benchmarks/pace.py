"""How a worker measures itself: warm, ready, at the word as many as it can, and the count."""

import sys
import time
from collections.abc import Callable


def run(one: Callable[[int], None], seconds: float, warm: int) -> None:
    """Call `one` with 0, 1, 2 … `warm` times unmeasured, then for so many seconds; print how often.

    Says "ready" and waits for a line in between, so that all workers begin together.
    """
    for number in range(warm):
        one(number)
    print("ready", flush=True)
    sys.stdin.readline()
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        one(done)
        done += 1
    print(done, flush=True)
