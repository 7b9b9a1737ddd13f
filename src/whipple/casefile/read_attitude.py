"""Reading an attitude history: a CCSDS Attitude Ephemeris Message (504.0-B, key-value notation), checked line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from whipple.casefile.estimate import Array
from whipple.errors import CaseError, Problem

__all__ = ["FRAMES", "AttitudeHistory", "read_attitude"]

#: Frames that a history may start from, and what they are here.
FRAMES: dict[str, str] = {
    "EME2000": "gcrs", "J2000": "gcrs", "ICRF": "gcrs", "GCRF": "gcrs", "LVLH": "lvlh", "LVLH_ROTATING": "lvlh",
    "RSW": "rsw", "RTN": "rsw", "RSW_ROTATING": "rsw", "RTN_ROTATING": "rsw",
}  # fmt: skip
#: How far the norm of a quaternion may be from 1.
NORM_OFF = 1e-4
_TYPES = {"QUATERNION": 4, "QUATERNION/DERIVATIVE": 8, "QUATERNION/ANGVEL": 7, "EULER_ANGLE": 3, "EULER_ANGLE/RATE": 6}
_NEEDED = ("REF_FRAME_A", "REF_FRAME_B", "TIME_SYSTEM", "ATTITUDE_TYPE")


@dataclass(frozen=True)
class AttitudeHistory:
    """Attitudes on the clock of the case: `t_s` (n,) rising; `body_from_frame` (n, 3, 3) turns components of `frame` into body components.

    `frame` is "gcrs", "lvlh" (X ram, Y starboard, Z nadir) or "rsw" (radial, along, normal). `file` says where it came from, `epoch` where
    the clock of the case begins.
    """

    file: str
    frame: str
    t_s: Array
    body_from_frame: Array
    epoch: datetime

    def at(self, t_s: Array) -> Array:
        """The attitude (n, 3, 3) at each time, turned evenly between the samples on the shorter arc. CaseError outside the file's span."""
        wanted = np.atleast_1d(np.asarray(t_s, dtype=float))
        low, high = float(self.t_s[0]), float(self.t_s[-1])
        if wanted.min() < low - 1e-6 or wanted.max() > high + 1e-6:
            found = f"attitudes from {self._utc(low)} to {self._utc(high)}"
            expected = (
                f"attitudes from {self._utc(wanted.min())} to {self._utc(wanted.max())}, the time that is assessed"
            )
            apart = wanted.min() > high or wanted.max() < low
            why = "of another date" if apart else "cut short"
            raise CaseError([Problem(self.file, "", found, expected, f"the file is {why}: give one that covers it")])
        if len(self.t_s) == 1:
            return np.repeat(self.body_from_frame, len(wanted), axis=0)
        turns = Slerp(self.t_s, Rotation.from_matrix(self.body_from_frame))
        matrices: Array = turns(np.clip(wanted, low, high)).as_matrix()
        return matrices

    def _utc(self, t_s: float) -> str:
        return (self.epoch + timedelta(seconds=round(t_s))).strftime("%Y-%m-%d %H:%M:%S UTC")


def read_attitude(path: Path, epoch: datetime, body_frame: str = "") -> AttitudeHistory:
    """The attitude history of an AEM file on the clock of the case; several segments join when frames agree.

    Quaternions follow the message's own convention: the transformation from frame A to frame B, B components = A(q) · A components.
    Raises CaseError (one problem) for a file that is cut short, a frame, time system or attitude type it does not know.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _wrong(
            path, "", "no readable text file", "a CCSDS AEM in key-value notation", "correct the name"
        ) from None
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("COMMENT")]
    if not lines or not lines[0][1].startswith("CCSDS_AEM_VERS"):
        raise _wrong(
            path, "line 1", "no CCSDS_AEM_VERS", "CCSDS_AEM_VERS = 1.0 or 2.0", "give an AEM in key-value notation"
        )
    parts = [_segment(path, rows, epoch, body_frame) for rows in _segments(path, lines)]
    frames = sorted({frame for frame, _, _ in parts})
    if len(frames) > 1:
        raise _wrong(path, "REF_FRAME", f"segments in {' and '.join(frames)}", "one frame", "split the file")
    t_s = np.concatenate([part[1] for part in parts])
    if len(t_s) > 1 and not (np.diff(t_s) > 0).all():
        raise _wrong(path, "", "times that do not rise", "times in rising order", "sort the lines, drop repeated ones")
    return AttitudeHistory(path.name, frames[0], t_s, np.concatenate([part[2] for part in parts]), epoch)


def _wrong(path: Path, key: str, found: str, expected: str, remedy: str) -> CaseError:
    return CaseError([Problem(path.name, key, found, expected, remedy)])


def _segments(path: Path, lines: list[tuple[int, str]]) -> list[tuple[dict[str, str], list[tuple[int, str]]]]:
    """Each segment as its meta data and its numbered data lines."""
    found: list[tuple[dict[str, str], list[tuple[int, str]]]] = []
    state = "header"
    for number, line in lines:
        if line in ("META_START", "META_STOP", "DATA_START", "DATA_STOP"):
            state = {"META_START": "meta", "DATA_START": "data"}.get(line, "between")
            if line == "META_START":
                found.append(({}, []))
        elif state == "meta" and "=" in line:
            key, value = (part.strip() for part in line.split("=", 1))
            found[-1][0][key] = value
        elif state == "data":
            found[-1][1].append((number, line))
    if not found or state != "between":
        raise _wrong(
            path, f"line {lines[-1][0]}", "the end of the file", "DATA_STOP", "the file is cut short: fetch it again"
        )
    return found


def _segment(
    path: Path, segment: tuple[dict[str, str], list[tuple[int, str]]], epoch: datetime, body_frame: str
) -> tuple[str, Array, Array]:
    meta, rows = segment
    for key in _NEEDED:
        if key not in meta:
            raise _wrong(path, key, "nothing", f"a value of {key}", "add the key to the meta data")
    if meta["TIME_SYSTEM"] != "UTC":
        raise _wrong(path, "TIME_SYSTEM", meta["TIME_SYSTEM"], "UTC", "write the times in UTC")
    kind = meta["ATTITUDE_TYPE"]
    if kind not in _TYPES:
        raise _wrong(path, "ATTITUDE_TYPE", kind, f"one of: {', '.join(_TYPES)}", "write quaternions")
    _refuse_backward_span(path, meta)
    frame, backward = _frames(path, meta, body_frame)
    if not rows:
        raise _wrong(path, "DATA_START", "no lines of data", "one line an attitude", "the file is cut short")
    t_s, numbers = _numbers(path, rows, _TYPES[kind], epoch)
    turn = _quaternions(path, rows, numbers, meta) if kind.startswith("QUAT") else _angles(path, numbers, meta)
    return frame, t_s, np.swapaxes(turn, -1, -2) if backward else turn


def _refuse_backward_span(path: Path, meta: dict[str, str]) -> None:
    """A segment that says it stops before it starts."""
    if "START_TIME" not in meta or "STOP_TIME" not in meta:
        return
    try:
        start, stop = _moment(meta["START_TIME"]), _moment(meta["STOP_TIME"])
    except ValueError:
        found = f"{meta['START_TIME']} and {meta['STOP_TIME']}"
        raise _wrong(path, "START_TIME, STOP_TIME", found, "two times", "write them as 2022-12-15T00:45:00") from None
    if start > stop:
        found = f"{meta['STOP_TIME']}, before START_TIME {meta['START_TIME']}"
        raise _wrong(path, "STOP_TIME", found, "a time after START_TIME", "exchange or correct the two times")


def _frames(path: Path, meta: dict[str, str], body_frame: str) -> tuple[str, bool]:
    """The frame the history starts from, and whether the numbers lead from the body to it."""

    def is_body(name: str) -> bool:
        return name == body_frame if body_frame else name.startswith("SC_BODY")

    a, b = meta["REF_FRAME_A"], meta["REF_FRAME_B"]
    known = f"one of {', '.join(FRAMES)} on one side and {body_frame or 'SC_BODY...'} on the other"
    if is_body(a) == is_body(b):
        raise _wrong(path, "REF_FRAME_A/B", f"{a} and {b}", known, "name the body frame in assess.toml: body_frame")
    outer = b if is_body(a) else a
    if outer not in FRAMES:
        raise _wrong(path, "REF_FRAME", f"unknown frame {outer}", known, "convert the history to one of these frames")
    way = meta.get("ATTITUDE_DIR", "A2B")
    if way not in ("A2B", "B2A"):
        raise _wrong(path, "ATTITUDE_DIR", way, "A2B or B2A", "correct the key")
    return FRAMES[outer], (way == "A2B") == is_body(a)


def _numbers(path: Path, rows: list[tuple[int, str]], count: int, epoch: datetime) -> tuple[Array, Array]:
    t_s, numbers = [], []
    for number, line in rows:
        words = line.split()
        try:
            values = [float(word) for word in words[1:]]
            moment = _moment(words[0])
        except ValueError:
            raise _wrong(path, f"line {number}", repr(line), "a time and numbers", "correct the line") from None
        if len(values) != count or not np.isfinite(values).all():
            found, expected = f"{len(values)} numbers", f"a time and {count} finite numbers"
            raise _wrong(path, f"line {number}", found, expected, "the line is cut short or of another ATTITUDE_TYPE")
        t_s.append((moment - epoch).total_seconds())
        numbers.append(values)
    return np.array(t_s), np.array(numbers)


def _moment(text: str) -> datetime:
    """A CCSDS time, calendar or day of year, to the microsecond.

    >>> _moment("2022-349T00:45:00.5Z").isoformat()
    '2022-12-15T00:45:00.500000+00:00'
    """
    hit = re.fullmatch(r"(\d{4})-(\d{3})T(\d+):(\d+):([\d.]+)Z?", text)
    if hit:
        year, day, hour, minute = (int(part) for part in hit.groups()[:4])
        start = datetime(year, 1, 1, tzinfo=UTC)
        return start + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=float(hit[5]))
    moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text).replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _quaternions(path: Path, rows: list[tuple[int, str]], numbers: Array, meta: dict[str, str]) -> Array:
    kind = meta.get("QUATERNION_TYPE", "LAST")
    if kind not in ("FIRST", "LAST"):
        raise _wrong(path, "QUATERNION_TYPE", kind, "FIRST or LAST (where the scalar stands)", "correct the key")
    last = numbers[:, [1, 2, 3, 0]] if kind == "FIRST" else numbers[:, :4]
    off = np.abs(np.linalg.norm(last, axis=1) - 1.0)
    if off.max() > NORM_OFF:
        line = rows[int(off.argmax())][0]
        found = f"a quaternion of norm {np.linalg.norm(last[off.argmax()]):.5g}"
        raise _wrong(path, f"line {line}", found, f"norm 1 within {NORM_OFF:g}", "check QUATERNION_TYPE and the line")
    matrices: Array = np.swapaxes(Rotation.from_quat(last).as_matrix(), -1, -2)
    return matrices


def _angles(path: Path, numbers: Array, meta: dict[str, str]) -> Array:
    """Frame B from frame A by turns about the axes named, each about the frame reached so far."""
    order = meta.get("EULER_ROT_SEQ", "")
    letters = order.translate(str.maketrans("123", "XYZ"))
    if not re.fullmatch(r"[XYZ]{3}", letters) or letters[0] == letters[1] or letters[1] == letters[2]:
        raise _wrong(path, "EULER_ROT_SEQ", repr(order), "three axes such as 321 or ZYX", "give the order of the turns")
    active = Rotation.from_euler(letters, numbers[:, :3], degrees=True).as_matrix()
    matrices: Array = np.swapaxes(active, -1, -2)
    return matrices
