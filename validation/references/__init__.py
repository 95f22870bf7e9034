"""The real frameworks, each in an environment of its own, as references to compare with.

Their current versions exclude each other, so none of them is ever a dependency of fillproof:
`install` builds one virtual environment per framework from pinned requirements, and the two sides
speak through files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

NAMES = ("backtrader", "zipline", "vectorbt")
DISTRIBUTIONS = {
    "backtrader": "backtrader",
    "zipline": "zipline-reloaded",
    "vectorbt": "vectorbt",
}


class ReferenceMissing(RuntimeError):
    """The environment of a real framework is not installed, or is out of date."""

    def __init__(self, name: str, why: str = "is not installed") -> None:
        self.name = name
        super().__init__(
            f"The reference environment of {name} {why}; run `fillproof references install {name}`."
        )


class ReferenceInstallError(RuntimeError):
    """Building a reference environment failed; the message holds the end of pip's output."""


@dataclass(frozen=True)
class Reference:
    """One reference environment: `version` is the pinned one, `installed` says if it is ready."""

    name: str
    distribution: str
    version: str
    python: str
    path: Path
    installed: bool


def folder() -> Path:
    """Where the environments live: FILLPROOF_REFERENCES_DIR, else the user's cache folder."""
    chosen = os.environ.get("FILLPROOF_REFERENCES_DIR")
    if chosen:
        return Path(chosen).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "fillproof" / "references"


def requirements(name: str) -> Path:
    """The file with the pinned requirements of `name`. Raises ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"There is no reference called {name!r}; choose from {', '.join(NAMES)}.")
    return Path(__file__).with_name(f"{name}.txt")


def version(name: str) -> str:
    """The version of the framework that parity is stated against."""
    wanted = DISTRIBUTIONS[name] + "=="
    for line in requirements(name).read_text().splitlines():
        if line.startswith(wanted):
            return line[len(wanted) :].strip()
    raise ValueError(f"{requirements(name)} pins no {wanted[:-2]}.")


def python(name: str) -> Path:
    """The interpreter that has the real framework `name`.

    Raises ReferenceMissing, whose message says what to run, when the environment is absent or was
    built from other requirements than the ones pinned now.
    """
    wanted = requirements(name)
    environment = folder() / name
    interpreter = _interpreter(environment)
    if not interpreter.exists():
        raise ReferenceMissing(name)
    # An environment without a stamp was put there by the user (a link to one of theirs): theirs
    # to keep in order. One with a stamp is ours, and must be what is pinned.
    stamp = environment / _STAMP
    if stamp.exists() and stamp.read_text().split()[0] != _digest(wanted):
        raise ReferenceMissing(name, "was built from other requirements")
    return interpreter


def list_references() -> list[Reference]:
    """Every reference with its pinned version, its Python and whether it is ready to use."""
    found = []
    for name in NAMES:
        environment = folder() / name
        try:
            python(name)
            ready = True
        except ReferenceMissing:
            ready = False
        found.append(
            Reference(
                name,
                DISTRIBUTIONS[name],
                version(name),
                _python_of(environment),
                environment,
                ready,
            )
        )
    return found


def install(names: Iterable[str] = (), *, force: bool = False, report=None) -> list[Path]:
    """Build the environments of `names` (all of them by default); return their interpreters.

    What is already there and up to date is left alone. `report` is called with a line of text at
    each step (default: print it on standard error). Raises ReferenceInstallError with the end
    of pip's output when a step fails.
    """
    say = report or (lambda text: print(text, file=sys.stderr, flush=True))
    wanted = list(names) or list(NAMES)
    for name in wanted:
        requirements(name)
    return [_install_one(name, force, say) for name in wanted]


_STAMP = "fillproof-requirements.stamp"


def _install_one(name: str, force: bool, say) -> Path:
    pinned = requirements(name)
    environment = folder() / name
    environment.parent.mkdir(parents=True, exist_ok=True)
    with _lock(environment.with_suffix(".lock")):
        if not force:
            with contextlib.suppress(ReferenceMissing):
                interpreter = python(name)
                say(f"{name} {version(name)}: already installed in {environment}")
                return interpreter
        say(f"{name} {version(name)}: building {environment} (a minute or two)")
        if environment.is_symlink():
            environment.unlink()
        elif environment.exists():
            shutil.rmtree(environment)
        # The base interpreter, so that this environment does not depend on the one we run in.
        base = getattr(sys, "_base_executable", sys.executable)
        _step(name, [base, "-m", "venv", str(environment)])
        # fmt: off
        _step(name, [
            str(_interpreter(environment)), "-m", "pip", "install", "--quiet",
            "--disable-pip-version-check", "--no-input", "-r", str(pinned),
        ])
        # fmt: on
        (environment / _STAMP).write_text(
            f"{_digest(pinned)} {sys.version_info.major}.{sys.version_info.minor}\n"
        )
        say(f"{name} {version(name)}: ready")
        return _interpreter(environment)


def _step(name: str, command: list[str]) -> None:
    # PYTHONPATH or a target folder of the calling shell would leak into the new environment.
    kept = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET")
    }
    done = subprocess.run(command, capture_output=True, text=True, env=kept)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise ReferenceInstallError(
            f"Could not install the reference {name}: `{' '.join(command)}` ended with status "
            f"{done.returncode}.\n{tail}"
        )


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Two processes that install the same reference wait for each other (POSIX only)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _interpreter(environment: Path) -> Path:
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def _python_of(environment: Path) -> str:
    """The Python version of an environment, from its pyvenv.cfg; empty when there is none."""
    with contextlib.suppress(OSError):
        for line in (environment / "pyvenv.cfg").read_text().splitlines():
            key, _, value = line.partition("=")
            if key.strip() in ("version", "version_info"):
                return ".".join(value.strip().split(".")[:3])
    return ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
