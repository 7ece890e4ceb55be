"""`make run`: the demo salon, from an empty folder to a page in the browser, and back to nothing.

Starts PostgreSQL (unless DATABASE_URL names one) and the test processor (unless STRIPE_SECRET_KEY
names another), migrates, seeds, serves; Ctrl-C, SIGTERM or the
end of one process stops everything that this started.
"""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit

from salon import env
from tools import ROOT, VAR, ToolError, postgres, processor
from tools.children import Children
from tools.cluster import Cluster
from tools.environment import demo_environment

PATIENCE_SECONDS = 60


def main() -> int:
    """Run until told to stop; 1 when something ended by itself."""
    is_ours = not os.environ.get("DATABASE_URL")
    has_processor = processor.is_wanted(os.environ)
    if has_processor:
        processor.choose_port(env.text("HOST"), env.number("PORT"))
    os.environ.update(demo_environment() | {"PYTHONUNBUFFERED": "1"})
    address = (env.text("HOST"), env.number("PORT"))
    refuse_taken_port(address)
    server = postgres.cluster() if is_ours else None
    children = Children(os.environ)
    with _database(server) if server else nullcontext():
        try:
            if has_processor:
                start_processor(children)
            set_up(children)
            if children.asked_to_stop:
                return 0
            return serve(children, server, address)
        finally:
            say("Stopping …")
            children.stop()


def start_processor(children: Children) -> None:
    """Before everything that may ask it: the demo's seeds do."""
    with _told("Starting the test processor"):
        children.start("the test processor", processor.command(os.environ))
        base = urlsplit(env.text("STRIPE_API_BASE"))
        wait_for_port((base.hostname or "", base.port or 0), children)


def set_up(children: Children) -> None:
    """All that has to be there before the first page; each step is nearly free the second time."""
    steps = {
        "Migrating the database": ["migrate", "--verbosity", "0"],
        "Opening the demo salon": ["demo"],
    }
    for title, arguments in steps.items():
        if children.asked_to_stop:
            return
        with _told(title):
            manage(*arguments)
    with _told("Collecting static files"):
        collect_static()


def serve(children: Children, server: Cluster | None, address: tuple[str, int]) -> int:
    """Start the web and the worker, say where they are, wait for the end."""
    with _told("Starting the web and the worker"):
        children.start("the web server", [f"{sys.prefix}/bin/gunicorn"])
        worker = ["manage.py", "procrastinate", "worker"]
        children.start("the worker", [sys.executable, *worker])
        wait_for_port(address, children)
    if not (children.first_dead() or children.asked_to_stop):
        # In one piece: what the processes say while they start would come between.
        logins = manage("demo", "--logins", answer=subprocess.PIPE)
        say(f"\n  {env.text('PUBLIC_URL')}    (Ctrl-C stops it)\n\n{logins}")
    dead = children.wait(lambda: _lost(server))
    if dead:
        print(f"\n{dead} has ended by itself; stopping the rest.", file=sys.stderr, flush=True)
        return 1
    return 0


def manage(*arguments: str, answer: int | None = None) -> str:
    """Run one of Django's commands; ToolError when it fails, its own message stands above.

    `answer`: subprocess.PIPE to be given what it prints instead of showing it.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        check=False,
        start_new_session=True,
        stdout=answer,
        text=True,
    )
    if done.returncode:
        raise ToolError(f"`manage.py {' '.join(arguments)}` failed; see above.")
    return done.stdout or ""


def collect_static() -> None:
    """Collect and compress, only when a file of ours or a package has changed."""
    stamp = VAR / "static" / ".stamp"
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    manage("collectstatic", "--no-input", "--clear", "--verbosity", "0")
    stamp.write_text(digest.hexdigest())


def refuse_taken_port(address: tuple[str, int]) -> None:
    """ToolError when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as problem:
            raise ToolError(
                f"{address[0]}:{address[1]} cannot be used ({problem.strerror}). "
                f"Another port: make run PORT={address[1] + 1}"
            ) from None


def wait_for_port(address: tuple[str, int], children: Children) -> None:
    """Wait until somebody answers there, a child has ended, or we are told to stop."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not (children.first_dead() or children.asked_to_stop):
        with socket.socket() as probe:
            if probe.connect_ex(address) == 0:
                return
        time.sleep(0.1)


def say(text: str) -> None:
    """One line of progress, at once."""
    print(text, flush=True)


@contextmanager
def _told(title: str) -> Iterator[None]:
    begun = time.monotonic()
    say(f"{title} …")
    yield
    say(f"    done in {time.monotonic() - begun:.1f} s")


@contextmanager
def _database(server: Cluster) -> Iterator[None]:
    """PostgreSQL for as long as the block lasts; one that ran before is left running."""
    with _told("Starting PostgreSQL"):
        server.hold()
        started = server.start()
        postgres.prepare(server)
    try:
        yield
    finally:
        server.release(stop=started)


def _lost(server: Cluster | None) -> str | None:
    return "PostgreSQL" if server and not server.is_alive() else None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ToolError as problem:
        sys.exit(f"{problem}")
