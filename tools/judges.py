"""hledger and ledger, the two programs that the tests give our journal to: the machine's own,
Debian's as root, else Debian's packages unpacked under var/ with the libraries that they need.

`python -m tools.judges` makes sure that they are there and prints where.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import VAR, ToolError

NAMES = ("hledger", "ledger")
UNPACKED = VAR / "judges"


@dataclass(frozen=True)
class Judge:
    """One of the programs on this machine, and the environment that it needs."""

    path: Path
    environment: dict[str, str]


def find(name: str) -> Judge | None:
    """The program on the PATH, else the unpacked one, else None."""
    # Both read and write as the locale says, and a journal has every letter.
    environment = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    found = shutil.which(name)
    if found:
        return Judge(Path(found), environment)
    path = UNPACKED / "usr" / "bin" / name
    if not path.exists():
        return None
    folders = sorted({str(library.parent) for library in UNPACKED.rglob("*.so*")})
    given = os.environ.get("LD_LIBRARY_PATH", "")
    environment["LD_LIBRARY_PATH"] = ":".join([*folders, given]).rstrip(":")
    return Judge(path, environment)


def provide() -> list[Judge]:
    """Find both or bring them; ToolError when neither way works."""
    if not all(find(name) for name in NAMES):
        if not shutil.which("apt-get"):
            raise ToolError(_by_hand("They are Debian packages, and there is no apt-get here."))
        if os.geteuid() == 0:
            install_debian()
        else:
            unpack_debian()
    judges = [find(name) for name in NAMES]
    if None in judges:
        raise ToolError(_by_hand("They were installed and are still not found."))
    return [judge for judge in judges if judge]


def _by_hand(why: str) -> str:
    return f"The tests of the journal need hledger and ledger on the PATH. {why}"


def install_debian() -> None:
    """Debian's packages; the list of packages first, which on a fresh machine is old or empty."""
    print("Installing Debian's hledger and ledger …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "-qq", "update"], VAR.parent, quiet)
    _run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *NAMES], VAR.parent, quiet)


def unpack_debian() -> None:
    """Without root: the packages that an installation would bring, fetched and only unpacked.

    With lists of our own: a user may not renew the machine's, which may be old or missing.
    """
    print("Fetching Debian's hledger and ledger …", flush=True)
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="judges-", dir=VAR) as name:
        work = Path(name)
        options = _own_state(work)
        # A list of something else that does not answer must not stop us: the download would.
        subprocess.run(["apt-get", "-qq", *options, "update"], check=False)
        _run(["apt-get", "-qq", *options, "download", *_missing(options)], work)
        ready = work / "ready"
        ready.mkdir()
        for package in sorted(work.glob("*.deb")):
            _run(["dpkg-deb", "-x", str(package), str(ready)], work)
        # The rename comes last, so that half of it is never found.
        shutil.rmtree(UNPACKED, ignore_errors=True)
        ready.rename(UNPACKED)


def _own_state(work: Path) -> list[str]:
    """What tells apt-get to keep its lists and files in this folder."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    return [
        "-o",
        f"Dir::State::lists={work / 'lists'}",
        "-o",
        f"Dir::Cache={work / 'cache'}",
        "-o",
        "Debug::NoLocking=1",
    ]


def _missing(options: list[str]) -> list[str]:
    """The packages that an installation would bring to this machine, libraries included."""
    command = ["apt-get", *options, "--simulate", "--no-install-recommends", "install", *NAMES]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise ToolError(_by_hand(f"apt-get does not know them: {told.stderr.strip()}"))
    return [line.split()[1] for line in told.stdout.splitlines() if line.startswith("Inst ")]


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise ToolError(_by_hand(f"This failed: {' '.join(command[:4])}; its message is above."))


if __name__ == "__main__":
    try:
        for judge in provide():
            print(f"Judge: {judge.path}")
    except ToolError as problem:
        sys.exit(f"{problem}")
