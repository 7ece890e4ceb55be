"""Make .venv and install one requirements file into it: `python3 -m tools.install FILE`.

A stamp with the file's hash makes the second call free.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Python 3.11 or later is needed; this is {}.{}. Name another one: "
        "make run PYTHON=python3.11".format(*sys.version_info[:2])
    )

from tools import ROOT, ToolError

VENV = ROOT / ".venv"


def install(name: str) -> None:
    """Install the file unless its stamp says that just this was installed."""
    wanted = stamp_text(ROOT / name)
    stamp = VENV / f"{name}.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv()
    print(f"Installing {name} … (a minute on a fresh machine)", flush=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq"]
    done = subprocess.run([*pip, "install", "--require-hashes", "-r", name], cwd=ROOT, check=False)
    if done.returncode:
        raise ToolError(f"pip could not install {name}; its message is above.")
    # The development file holds all that the other one does, at the same versions.
    stamp.write_text(wanted)
    if name == "requirements-dev.txt":
        runtime = "requirements.txt"
        (VENV / f"{runtime}.stamp").write_text(stamp_text(ROOT / runtime))


def stamp_text(path: Path) -> str:
    """What identifies an installation: the file's content and the Python it was made for."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{digest} python {sys.version_info.major}.{sys.version_info.minor}\n"


def make_venv() -> None:
    """Make .venv, or make it anew when its Python is gone or another one."""
    python = VENV / "bin" / "python"
    current = f"{sys.version_info.major}.{sys.version_info.minor}"
    if python.exists() and (VENV / "lib" / f"python{current}" / "site-packages" / "pip").exists():
        return
    print("Making the virtual environment …", flush=True)
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode:
        raise ToolError(
            "This Python cannot make a virtual environment. On Debian and Ubuntu: "
            "apt-get install python3-venv"
        )


if __name__ == "__main__":
    try:
        install(sys.argv[1])
    except ToolError as problem:
        sys.exit(f"{problem}")
