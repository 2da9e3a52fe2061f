"""What cnngui remembers of a data set, outside the user's folder: one project each, with its training runs.

projects/<name>-<hash of the path>/
    project.json                    {"version", "root"}
    choices.json                    {"version", "choices"}: what was chosen for the last training
    runs/<UTC time>[-n]/
        config.json                 {"version", "config"}: how it was trained, as asked
        events.jsonl                one JSON object per line, in the order they happened
        last.ckpt, best.safetensors written by the engine
        ended.json                  {"version", "reason", "time"}, once the run has come to an end
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from cnngui import settings
from cnngui.errors import RequestError
from cnngui.files import cannot_write, write_whole

VERSION = 1

_RUN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Run:
    """One training of a project, in a folder of its own."""

    folder: Path

    @property
    def checkpoint(self) -> Path:
        """Where the last checkpoint is, once there is one."""
        return self.folder / "last.ckpt"

    @property
    def best(self) -> Path:
        """Where the best model so far is, once there is one."""
        return self.folder / "best.safetensors"

    @property
    def config(self) -> dict[str, Any]:
        """How the run was asked for.

        Raises RequestError if the file is missing, damaged or of a later version.
        """
        config = _read_versioned(self.folder / "config.json").get("config")
        if not isinstance(config, dict):
            raise RequestError(f"{self.folder / 'config.json'} holds no configuration. Start a new training.")
        return config

    @property
    def validation(self) -> str | None:
        """The folder whose pictures it is measured on, if that is another one. Raises as `config`."""
        folder = _read_versioned(self.folder / "config.json").get("validation")
        return folder if isinstance(folder, str) else None

    @property
    def ended(self) -> str | None:
        """Why the run ended, or None: it is running, or it was killed.

        "finished", "stopped" or "failed"; "refused" if it could not be begun.
        """
        mark = self.folder / "ended.json"
        if not mark.exists():
            return None
        return str(_read_versioned(mark).get("reason"))

    def append(self, event: Mapping[str, Any]) -> None:
        """Add one event to events.jsonl: it outlives the process once this has returned.

        Raises RequestError if it cannot be written.
        """
        line = json.dumps(dict(event), separators=(",", ":")).encode() + b"\n"
        path = self.folder / "events.jsonl"
        try:
            with path.open("ab+", buffering=0) as file:
                # A process killed in the middle of a line left it without its end: begin a new one.
                if file.seek(0, os.SEEK_END) and file.seek(-1, os.SEEK_END) >= 0 and file.read(1) != b"\n":
                    line = b"\n" + line
                if file.write(line) < len(line):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise cannot_write(path, error) from error

    def events(self) -> Iterator[dict[str, Any]]:
        """The events in order. A line cut short by a kill or a full disk is passed over."""
        path = self.folder / "events.jsonl"
        if not path.exists():
            return
        with path.open("rb") as file:
            for line in file:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict):
                    yield event

    @property
    def interrupted_early(self) -> bool:
        """Whether it has no checkpoint yet, and was killed, or ended in the first part of "best"."""
        if self.checkpoint.exists() or not (self.folder / "config.json").exists():  # the disk was full
            return False
        return self.ended is None or (
            self.ended in ("stopped", "failed") and self.config.get("method") == "best"
        )

    def finish(self, reason: str) -> None:
        """Mark the run as ended: "finished" or "refused" for good; after "stopped" or "failed" it can be gone
        on with."""
        mark = {"version": VERSION, "reason": reason, "time": datetime.now(UTC).isoformat(timespec="seconds")}
        _write_json(self.folder / "ended.json", mark)

    def reopen(self) -> None:
        """Take the mark back: the run goes on. Raises RequestError if that cannot be written."""
        mark = self.folder / "ended.json"
        try:
            mark.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(mark, error) from error


@dataclass(frozen=True, slots=True)
class Project:
    """The project of one data set folder."""

    root: Path  # the data set's folder, resolved
    folder: Path  # the project's own, under settings.data_dir()

    @classmethod
    def of(cls, root: Path) -> Self:
        """The project of `root`, made if it is new. `root` itself is only named, never written to.

        Raises RequestError if the data folder cannot be written or the project is of a later version.
        """
        resolved = root.resolve()
        folder = settings.data_dir() / "projects" / _name(resolved)
        about = folder / "project.json"
        if about.exists():
            _read_versioned(about)
        else:
            _make(folder)
            _write_json(about, {"version": VERSION, "root": str(resolved)})
        return cls(root=resolved, folder=folder)

    def new_run(self, config: Mapping[str, Any], validation: Path | None = None) -> Run:
        """A new run with a folder that is its own, even when two start in the same second. `validation`: as
        `Run.validation`."""
        runs = self.folder / "runs"
        _make(runs)
        time = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        for attempt in range(1, 10_000):
            run = Run(runs / (time if attempt == 1 else f"{time}-{attempt}"))
            try:
                run.folder.mkdir()
            except FileExistsError:
                continue
            except OSError as error:
                raise cannot_write(run.folder, error) from error
            about = {"version": VERSION, "config": dict(config)}
            if validation is not None:
                about["validation"] = str(validation.resolve())
            _write_json(run.folder / "config.json", about)
            return run
        raise RequestError(
            f"{runs} already holds 9,999 trainings of this second. Check the computer's clock."
        )

    def remember(self, choices: Mapping[str, Any]) -> None:
        """Keep what was chosen for a training. Raises RequestError if it cannot be written."""
        _write_json(self.folder / "choices.json", {"version": VERSION, "choices": dict(choices)})

    def choices(self) -> dict[str, Any]:
        """What was remembered last, empty if nothing was. Raises RequestError for a damaged file."""
        path = self.folder / "choices.json"
        if not path.exists():
            return {}
        choices = _read_versioned(path).get("choices")
        return choices if isinstance(choices, dict) else {}

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        folder = self.folder / "runs"
        if not folder.is_dir():
            return []
        found = ((_RUN_NAME.fullmatch(entry.name), entry) for entry in folder.iterdir() if entry.is_dir())
        ordered = sorted((m[1], int(m[2] or 1), entry) for m, entry in found if m)
        return [Run(entry) for _, _, entry in ordered]

    def unfinished(self) -> Run | None:
        """The run that can be gone on with, if there is one.

        It is the latest with a checkpoint, unless that came to its proper end; or a later one that was
        interrupted before its first checkpoint, which can be begun again as it was asked for. What else ended
        without a checkpoint, such as Quick, is passed over. A run that is training at this moment, here or in
        another process, counts as well: hold the lock first.
        """
        for run in reversed(self.runs()):
            if run.checkpoint.exists() or run.interrupted_early:
                return None if run.ended == "finished" else run
        return None

    def finished(self) -> Run | None:
        """The latest run that came to its proper end, if it has a checkpoint to train longer from."""
        last = next((run for run in reversed(self.runs()) if run.ended == "finished"), None)
        return last if last is not None and last.checkpoint.exists() else None


def _name(root: Path) -> str:
    # normcase: where the system does not tell Pets from pets, neither do we.
    digest = hashlib.sha256(os.fsencode(os.path.normcase(root))).hexdigest()[:12]
    slug = re.sub(r"[^a-z0-9]+", "-", root.name.lower()).strip("-")[:40].strip("-")
    return f"{slug or 'folder'}-{digest}"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    # ASCII only: names that are not UTF-8 are kept as escaped surrogates and come back as they were.
    write_whole(path, json.dumps(value, indent=1).encode() + b"\n")


def _read_versioned(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise RequestError(f"Cannot read {path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise RequestError(f"{path} is damaged. Move it away and start a new training.") from error
    if not isinstance(value, dict) or not isinstance(value.get("version"), int):
        raise RequestError(f"{path} is damaged. Move it away and start a new training.")
    if value["version"] > VERSION:
        raise RequestError(f"{path} was written by a later version of cnngui. Install that version to go on.")
    return value
