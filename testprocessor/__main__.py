"""`python -m testprocessor --port N --state FILE [--webhook URL --secret whsec_…]`"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from testprocessor.server import Processor


def main(arguments: list[str]) -> int:
    """Run until told to stop."""
    given = _parser().parse_args(arguments)
    if given.state != ":memory:":
        Path(given.state).parent.mkdir(parents=True, exist_ok=True)
    processor = Processor(
        given.state,
        host=given.host,
        port=given.port,
        public=given.public,
        webhook=given.webhook,
        secret=given.secret,
    )

    def stop(number: int, frame: FrameType | None) -> None:
        processor.is_stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    processor.run()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="testprocessor", description="Stripe's API, pretended.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--public", default="", help="what browsers reach it by")
    parser.add_argument("--state", default=":memory:", help="a file for its books")
    parser.add_argument("--webhook", default="", help="where its events go")
    parser.add_argument("--secret", default="", help="what they are signed with: whsec_…")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
