"""One PostgreSQL server of our own: made when missing, started when stopped, found when running.

It listens on a unix socket only, in a folder that nobody else can enter; whoever reaches the socket
is trusted. Starting twice at once is safe (a lock file), and so is starting after a kill -9.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from tools import ToolError, binaries

SUPERUSER = "postgres"
# A unix socket's whole path must fit into 107 bytes; the name in the folder takes 14 of them.
LONGEST_SOCKET_DIR = 90


class Cluster:
    """A server whose files are under `home`; nothing happens before `start`."""

    def __init__(
        self, home: Path, options: Mapping[str, str] | None = None, bin_dir: Path | None = None
    ) -> None:
        self.bin_dir = bin_dir or binaries.find_bin_dir()
        self.home = home / f"pg{binaries.major_version(self.bin_dir)}"
        self.data = self.home / "data"
        self.log = self.home / "log"
        self.socket_dir = _short_enough(self.home / "socket")
        self.options = dict(options or {})
        self._held: IO[str] | None = None

    def url(self, database: str, role: str) -> str:
        """A connection URL whose host is the socket's folder, percent-encoded."""
        return f"postgres://{role}@{quote(str(self.socket_dir), safe='')}/{database}"

    def is_running(self) -> bool:
        """True when the server answers on its socket."""
        return self._run("pg_isready", "-q", "-h", str(self.socket_dir), check=False) == 0

    def start(self) -> bool:
        """Make the server answer; True when this call started it, False when it ran already."""
        if self.is_running():
            return False
        with self._locked():
            if self.is_running():
                return False
            _private_dir(self.socket_dir)
            self._hand_over()
            self._make_data()
            self._start_with_retry()
        return True

    def hold(self) -> None:
        """Say that this process uses the server; waits while another one is stopping it."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._held = (self.home / "users").open("w")
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def release(self, *, stop: bool) -> None:
        """Take `hold` back; with `stop` the server is stopped unless another process holds it."""
        if self._held is None:
            return
        with self._held as handle:
            if stop and _alone(handle) and self.is_running():
                self.stop()
        self._held = None

    def stop(self, mode: str = "fast") -> None:
        """Stop the server, waiting for it; nothing happens when it does not run."""
        with self._locked():
            self._pg_ctl("stop", "-m", mode, "-w", check=False)

    def kill(self) -> None:
        """What a power cut does: SIGKILL to the server and to each of its processes."""
        pid = self.postmaster_pid()
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        for each in (pid, *map(int, children)):
            try:
                os.kill(each, 9)
            except ProcessLookupError:
                continue

    def is_alive(self) -> bool:
        """True while the server's process exists; cheaper than asking it."""
        try:
            pid = self.postmaster_pid()
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            return False
        except PermissionError:
            return True
        return not _is_zombie(pid)

    def postmaster_pid(self) -> int:
        """The process id of the running server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Run SQL as superuser by psql: its unaligned output, or ToolError with what failed."""
        command = [str(self.bin_dir / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        connect = ["-h", str(self.socket_dir), "-U", SUPERUSER, "-d", database]
        done = subprocess.run(
            [*command, *connect], input=statements, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ToolError(f"PostgreSQL refused: {done.stderr.strip()}")
        return done.stdout.strip()

    def destroy(self) -> None:
        """Stop the server and remove all of its files."""
        self.stop("immediate")
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.socket_dir, ignore_errors=True)

    def _make_data(self) -> None:
        """initdb into a temporary folder that is then renamed: half a cluster is never found."""
        if self.data.exists():
            return
        fresh = Path(tempfile.mkdtemp(prefix="new-", dir=self.home))
        os.chown(fresh, binaries.server_uid(), -1)
        try:
            self._run(
                "initdb", "-D", str(fresh), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
                *self._locale(), unprivileged=True,
            )  # fmt: skip
            fresh.rename(self.data)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _hand_over(self) -> None:
        """As root: give all files to whom the server runs as, which may differ from last time."""
        uid = binaries.server_uid()
        for top in (self.home, self.socket_dir):
            if top.stat().st_uid != uid:
                for path in (top, *top.rglob("*")):
                    os.chown(path, uid, -1, follow_symlinks=False)

    def _locale(self) -> list[str]:
        if binaries.major_version(self.bin_dir) >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def _start_with_retry(self) -> None:
        """After a kill, the dead server's processes may need a moment to let go of its memory."""
        for attempt in range(5):
            self._forget_zombie()
            if self._pg_ctl("start", "-w", "-t", "60", "-o", self._flags(), check=False) == 0:
                return
            time.sleep(0.3 * (attempt + 1))
        tail = "".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-15:])
        raise ToolError(f"PostgreSQL does not start. The end of {self.log}:\n{tail}")

    def _forget_zombie(self) -> None:
        """PostgreSQL takes a zombie for a live server. Its shared memory still guards the data."""
        lock_file = self.data / "postmaster.pid"
        if lock_file.exists() and _is_zombie(self.postmaster_pid()):
            lock_file.unlink()

    def _flags(self) -> str:
        options = {
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "listen_addresses": "",
            # As salon/sql/web_rights.sql, for databases that are cloned without it.
            "join_collapse_limit": "5",
            **self.options,
        }
        return " ".join(f"-c {name}='{value}'" for name, value in options.items())

    def _pg_ctl(self, verb: str, *arguments: str, check: bool) -> int:
        return self._run(
            "pg_ctl", verb, "-D", str(self.data), "-l", str(self.log), *arguments,
            unprivileged=True, check=check,
        )  # fmt: skip

    def _run(
        self, program: str, *arguments: str, unprivileged: bool = False, check: bool = True
    ) -> int:
        prefix = binaries.unprivileged_prefix() if unprivileged else ()
        done = subprocess.run(
            [*prefix, str(self.bin_dir / program), *arguments],
            stdin=subprocess.DEVNULL,
            # pg_ctl's server inherits its output: a pipe would never close.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            text=True,
            check=False,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
        )
        if check and done.returncode:
            raise ToolError(f"{program} failed: {done.stderr}")
        return done.returncode

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / "lock", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _alone(handle: IO[str]) -> bool:
    """True when nobody else has a lock on the file; from then on nobody gets one."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_zombie(pid: int) -> bool:
    """True for a process that is dead and not reaped, as in a container without init."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _short_enough(wanted: Path) -> Path:
    """The folder itself, or one in the temporary folder when its path is too long for a socket."""
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIR:
        return wanted
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"salon-{os.geteuid()}-{digest}"


def _private_dir(folder: Path) -> None:
    """Make `folder` ours alone; ToolError when somebody else made it before us."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), binaries.NOBODY}:
        raise ToolError(f"{folder} belongs to somebody else; remove it and try again.")
    folder.chmod(0o700)
