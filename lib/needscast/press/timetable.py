"""The timetable ``reports/schedule.toml``: what is rendered when, for whom, and how many runs are kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from needscast.errors import NeedscastError, one_of
from needscast.inputs.cells import ID
from needscast.press.rendering import FORMATS, Choices
from needscast.vocabulary import READERSHIPS

SIDES = ("above", "below")
_HERE = ("localhost", "127.0.0.1", "::1")  # what is sent there stays on this machine


@dataclass(frozen=True)
class Threshold:
    """A line that somebody wants to hear of when the middle of a key figure crosses it.

    Attributes
    ----------
    figure : key of the figure in the catalogue without ``key.``, such as ``displaced_since_onset``.
    report : name of a report, or "" for all of them.
    above, below : the line, in the unit of the figure; one of the two.
    """

    figure: str
    report: str = ""
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Channel:
    """A way to tell somebody: ``smtp`` or ``webhook``. Secrets are named here and stand in the environment.

    Attributes
    ----------
    url_secret, user_secret, password_secret : X when the environment holds it as ``NEEDSCAST_SECRET_X``.
    tls : starttls, tls or none (smtp).
    """

    name: str
    kind: str
    url: str = ""
    url_secret: str = ""
    host: str = ""
    port: int = 587
    tls: str = "starttls"
    sender: str = ""
    to: tuple[str, ...] = ()
    user_secret: str = ""
    password_secret: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the timetable.

    Attributes
    ----------
    cron : five fields: minute, hour, day of month, month, day of week (0 or 7 is Sunday, 1 Monday).
    out : folder of the runs, relative to that of the timetable; its name when left out.
    keep : how many runs stay.
    tell : channels that hear of changed headlines, crossed thresholds and failures.
    """

    name: str
    crisis: str
    cron: str
    time_zone: str = "UTC"
    scenarios: tuple[str, ...] = ()
    formats: tuple[str, ...] = FORMATS
    languages: tuple[str, ...] = ("",)
    readership: str = ""
    out: str = ""
    keep: int = 12
    tell: tuple[str, ...] = ()
    threshold: tuple[Threshold, ...] = ()

    def choices(self, language: str) -> Choices:
        """Return the choices of one render."""
        return Choices(self.scenarios, readership=self.readership, language=language, formats=self.formats)

    def last_before(self, moment: datetime) -> datetime:
        """Return the latest time up to a moment at which the entry is due."""
        return next(CronSim(self.cron, self._local(moment, +1), reverse=True)).astimezone(UTC)

    def next_after(self, moment: datetime) -> datetime:
        """Return the first time after a moment at which the entry is due."""
        return next(CronSim(self.cron, self._local(moment, 0))).astimezone(UTC)

    def _local(self, moment: datetime, minutes: int) -> datetime:
        whole = moment.astimezone(UTC).replace(second=0, microsecond=0)
        return datetime.fromtimestamp(whole.timestamp() + 60 * minutes, ZoneInfo(self.time_zone))


@dataclass(frozen=True)
class Timetable:
    """What stands in the file, checked: the entries, the channels by name, and the folder of the file."""

    folder: Path
    entries: tuple[Entry, ...]
    channels: Mapping[str, Channel]

    def folder_of(self, entry: Entry, language: str) -> Path:
        """Return where the runs of an entry in a language go."""
        own = self.folder / (entry.out or entry.name)
        return own / language if len(entry.languages) > 1 else own


def read_timetable(path: Path) -> Timetable:
    """Read and check a timetable.

    Raises
    ------
    NeedscastError : for a file that cannot be read, an unknown or missing key, a wrong value.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NeedscastError(f"there is no {path}; docs/press.md has one to start from, --file names another") from None
    except (OSError, ValueError) as problem:
        raise NeedscastError(f"{path} cannot be read: {problem}") from None
    for key in content:
        if key not in ("report", "channel"):
            raise NeedscastError(f"{path}: {one_of('key', key, ('report', 'channel'))}")
    channels = {
        name: _made(Channel, {"name": name, **card}, f"{path}: channel {name}")
        for name, card in content.get("channel", {}).items()
    }
    entries = tuple(_entry(card, f"{path}: report {place}") for place, card in enumerate(content.get("report", ()), 1))
    for channel in channels.values():
        _check_channel(channel, f"{path}: channel {channel.name}")
    for entry in entries:
        _check(entry, channels, [each.name for each in entries], f"{path}: report {entry.name}")
    return Timetable(path.parent, entries, channels)


def _entry(card: Mapping[str, Any], where: str) -> Entry:
    lines = tuple(_made(Threshold, each, f"{where}, threshold") for each in card.get("threshold", ()))
    return _made(Entry, {**card, "threshold": lines}, where)


def _made(kind: type, card: Mapping[str, Any], where: str) -> Any:
    known = {each.name: each for each in fields(kind)}
    for key in card:
        if key not in known:
            raise NeedscastError(f"{where}: {one_of('key', key, known)}")
    for name, each in known.items():
        if each.default is MISSING and name not in card:
            raise NeedscastError(f"{where}: '{name}' is missing")
    values = {}
    for key, value in card.items():
        held = tuple(value) if isinstance(value, list) else value
        wanted = known[key].type
        if not _fits(held, str(wanted)):
            raise NeedscastError(f"{where}: {key} = {value!r} is not what belongs there; give {wanted}")
        values[key] = held
    return kind(**values)


def _fits(value: Any, wanted: str) -> bool:
    if wanted.startswith("tuple[str"):
        return isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    if wanted.startswith("tuple"):
        return isinstance(value, tuple)
    if wanted.startswith("float"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is {"str": str, "int": int}[wanted]


def _check(entry: Entry, channels: Mapping[str, Channel], names: Sequence[str], where: str) -> None:
    _check_name(entry, names, where)
    try:
        entry.next_after(datetime.now(UTC))
    except (CronSimError, StopIteration) as problem:
        raise NeedscastError(
            f"{where}: cron = '{entry.cron}' is never due: {problem}; give minute, hour, day, month, day of week, "
            "such as '0 6 * * MON'"
        ) from None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NeedscastError(f"{where}: time_zone = '{entry.time_zone}' is unknown; such as Europe/Istanbul") from None
    if entry.readership and entry.readership not in READERSHIPS:
        raise NeedscastError(f"{where}: {one_of('readership', entry.readership, READERSHIPS)}")
    if entry.keep < 1:
        raise NeedscastError(f"{where}: keep = {entry.keep}; at least the latest run stays")
    if not entry.languages or not entry.formats:
        raise NeedscastError(f"{where}: languages and formats name at least one each, or are left out")
    for name in entry.tell:
        if name not in channels:
            raise NeedscastError(f"{where}: {one_of('channel', name, channels)}")
    for line in entry.threshold:
        if sum(getattr(line, side) is not None for side in SIDES) != 1:
            raise NeedscastError(f"{where}: the threshold on {line.figure} has either above or below")


def _check_name(entry: Entry, names: Sequence[str], where: str) -> None:
    for word in (entry.name, *Path(entry.out).parts):
        if not ID.fullmatch(word) or not word.strip("."):
            raise NeedscastError(f"{where}: '{word}' cannot name a folder; letters, digits, '_', '.' and '-'")
    if names.count(entry.name) > 1:
        raise NeedscastError(f"{where}: the name stands there twice; every entry has a folder of its own")


def _check_channel(channel: Channel, where: str) -> None:
    if channel.kind not in ("smtp", "webhook"):
        raise NeedscastError(f"{where}: {one_of('kind', channel.kind, ('smtp', 'webhook'))}")
    if channel.kind == "webhook" and bool(channel.url) == bool(channel.url_secret):
        raise NeedscastError(f"{where}: give url, or url_secret when the address itself is a secret")
    if channel.kind == "smtp" and not (channel.host and channel.sender and channel.to):
        raise NeedscastError(f"{where}: give host, sender and to")
    if channel.tls not in ("starttls", "tls", "none"):
        raise NeedscastError(f"{where}: {one_of('tls', channel.tls, ('starttls', 'tls', 'none'))}")
    if channel.kind == "smtp" and channel.tls == "none" and channel.user_secret and channel.host not in _HERE:
        raise NeedscastError(f"{where}: without tls the password would be sent for all to read; give starttls or tls")
