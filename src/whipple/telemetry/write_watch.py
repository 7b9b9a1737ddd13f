"""What a watch leaves on disk, so that killed and restarted it loses no sample and repeats no event.

DIR/state.json        the last checkpoint: written beside and renamed, so it is whole or the one before
DIR/events.jsonl      every event, one line each, numbered without a gap: a restart writes only numbers that are not there yet
DIR/inbox-N.lp        what came in since checkpoint N from a source that cannot go back; replayed by a restart before anything new
DIR/rejected.txt      lines that could not be read, word for word
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from whipple.errors import CaseError, Problem
from whipple.telemetry.sequential import Event

__all__ = ["WatchFolder"]

#: Counted up whenever what a checkpoint holds changes: one of another form is refused, not guessed at.
_FORM = 2


class WatchFolder:
    """The folder of one watch. `state` is the last checkpoint or None; `log` appends events, `receive` what came in, `save` a checkpoint.

    A line is handed to the operating system before the call returns: killing the process loses nothing. With `durable` checkpoints are
    also flushed to the disk, against a loss of power. A checkpoint of another `source` is refused: its position means nothing here.
    """

    def __init__(self, folder: Path, fresh: bool = False, durable: bool = True, source: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._durable, self._source = folder, durable, source
        self._state_file, self._event_file = folder / "state.json", folder / "events.jsonl"
        if fresh:
            for path in [self._state_file, self._event_file, folder / "rejected.txt", *folder.glob("inbox-*.lp")]:
                path.unlink(missing_ok=True)
        self.state: dict[str, Any] | None = self._read_state()
        self._inbox_number = int(self.state["inbox"]) if self.state else 0
        self.next_number = self._mend_events()
        self._events = self._event_file.open("ab", buffering=0)
        self._inbox: IO[bytes] | None = None

    @property
    def event_file(self) -> Path:
        """Where the events are."""
        return self._event_file

    def log(self, events: Sequence[Event]) -> list[Event]:
        """Append the events that are not there yet; those are returned."""
        new = [event for event in events if event.number >= self.next_number]
        if new:
            if new[0].number != self.next_number:
                found = f"event {new[0].number} after {self.next_number - 1}"
                raise CaseError(
                    [Problem(str(self._event_file), "", found, "no gap", "start with --fresh in another folder")]
                )
            self._events.write("".join(event.to_json() + "\n" for event in new).encode())
            self.next_number = new[-1].number + 1
        return new

    def receive(self, raw: bytes) -> None:
        """Keep what came in from a source that cannot go back, before it is used."""
        if raw:
            if self._inbox is None:
                self._inbox = self._inbox_path(self._inbox_number).open("ab", buffering=0)
            self._inbox.write(raw)

    @property
    def has_received(self) -> bool:
        """Did anything come in after the last checkpoint of an earlier run?"""
        paths = self.folder.glob("inbox-*.lp")
        return any(
            int(path.stem.removeprefix("inbox-")) >= self._inbox_number and path.stat().st_size for path in paths
        )

    def received(self) -> Iterable[bytes]:
        """What came in after the last checkpoint of an earlier run, whole lines, oldest first."""
        for number in sorted(int(path.stem.removeprefix("inbox-")) for path in self.folder.glob("inbox-*.lp")):
            path = self._inbox_path(number)
            if number < self._inbox_number:
                path.unlink()
                continue
            with path.open("rb+") as file:
                whole = 0
                while block := file.readlines(1 << 20):
                    lines = b"".join(line for line in block if line.endswith(b"\n"))
                    whole += len(lines)
                    yield lines
                file.truncate(whole)  # half a line: the kill came while it was written

    def reject(self, lines: Iterable[bytes]) -> None:
        """Keep lines that could not be read."""
        kept = [line + b"\n" for line in lines]
        if kept:
            with (self.folder / "rejected.txt").open("ab") as file:
                file.write(b"".join(kept))

    def save(self, state: Mapping[str, Any], position: Mapping[str, Any] | None) -> None:
        """Write a checkpoint: the state of the watch and where the source goes on."""
        number = self._inbox_number + 1
        words = json.dumps(
            {"watch": state, "position": position, "inbox": number, "source": self._source, "form": _FORM}
        )
        beside = self.folder / "state.json.part"
        with beside.open("w") as file:
            file.write(words)
            if self._durable:
                file.flush()
                os.fsync(file.fileno())
                os.fsync(self._events.fileno())
        os.replace(beside, self._state_file)
        if self._inbox is not None:
            self._inbox.close()
            self._inbox = None
        for path in self.folder.glob("inbox-*.lp"):
            path.unlink()
        self._inbox_number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._events.close()
        if self._inbox is not None:
            self._inbox.close()

    def _inbox_path(self, number: int) -> Path:
        return self.folder / f"inbox-{number}.lp"

    def _read_state(self) -> dict[str, Any] | None:
        if not self._state_file.is_file():
            return None
        try:
            state: dict[str, Any] = json.loads(self._state_file.read_text())
            kept = {key: state[key] for key in ("watch", "position", "inbox", "source")}
        except (ValueError, KeyError, TypeError) as error:
            problem = Problem(
                str(self._state_file), "", str(error), "a checkpoint of whipple watch", "start again with --fresh"
            )
            raise CaseError([problem]) from None
        if state.get("form") != _FORM:
            found, remedy = "a checkpoint of another version of whipple", "that version, or start again with --fresh"
            raise CaseError([Problem(str(self._state_file), "", found, "one of this version", remedy)])
        if kept["source"] != self._source:
            found, remedy = f"a checkpoint of {kept['source']!r}", "another folder, or --fresh"
            raise CaseError([Problem(str(self._state_file), "", found, f"one of {self._source!r}", remedy)])
        return kept

    def _mend_events(self) -> int:
        """Cut off half a line that a kill left behind; the number of the next event."""
        if not self._event_file.is_file():
            return 0
        with self._event_file.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            start, tail = size, b""
            while start > 0 and tail.count(b"\n") < 2:
                start = max(0, start - 65536)
                file.seek(start)
                tail = file.read(size - start)
            end = tail.rfind(b"\n") + 1
            file.truncate(start + end)
            last = tail[:end].rstrip(b"\n").rsplit(b"\n", 1)[-1]
        return int(json.loads(last)["number"]) + 1 if last else 0
