"""Telling people: what changed in the headlines, a threshold that was crossed, a report that failed."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import urllib.request
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from needscast.errors import NeedscastError
from needscast.press.kernel import SECRETS
from needscast.press.timetable import Channel, Threshold
from needscast.report.blocks import Group, KeyFigure, flat, from_json
from needscast.report.values import Range
from needscast.report.words import Words

_SECONDS = 20  # a server that takes longer is down
_SHORTEST = 4  # letters of a piece of a secret; to hide shorter ones would hide the message

Summary = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Message:
    """What is told: a subject, lines of text, and the same as data for programs."""

    subject: str
    lines: tuple[str, ...]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A key figure of a report, before (None when it is new) and now."""

    report: str
    figure: str
    label: str
    before: Range | None
    now: Range

    def said(self, words: Words) -> str:
        """Return the change in words: both ranges with their mass."""
        old = _printed(self.before, words) if self.before else "not reported"
        return f"{self.report}: {self.label}: {old} -> {_printed(self.now, words)}"


def changes(before: Summary, now: Summary, words: Words) -> tuple[Change, ...]:
    """Return every key figure whose range is not what it was."""
    found = []
    for report, summary in now.items():
        old = _figures(before.get(report, {}), words)
        for (figure, label), value in _figures(summary, words).items():
            if old.get((figure, label)) != value:
                found.append(Change(report, figure, label, old.get((figure, label)), value))
    return tuple(found)


def crossed(lines: Sequence[Threshold], moved: Sequence[Change]) -> tuple[str, ...]:
    """Return a sentence for each threshold that the middle of a figure is now beyond and was not before."""
    return tuple(
        f"{each.report}: {each.label}: the middle, {each.now.median:,.0f}, is "
        + (f"above {line.above:,.0f}" if line.above is not None else f"below {line.below:,.0f}")
        for line in lines
        for each in moved
        if line.figure == each.figure
        and line.report in ("", each.report)
        and _is_beyond(line, each.now)
        and not (each.before and _is_beyond(line, each.before))
    )


def tell(channel: Channel, message: Message, environment: Mapping[str, str] | None = None) -> None:
    """Send a message through a channel.

    Raises
    ------
    NeedscastError : when a secret is missing or the server does not take it; it holds no secret.
    """
    secrets = _secrets(channel, os.environ if environment is None else environment)
    try:
        if channel.kind == "smtp":
            _mail(channel, message, secrets)
        else:
            _post(channel.url or secrets["url_secret"], message)
    except (OSError, ValueError, HTTPException, smtplib.SMTPException) as problem:
        said = _explained(problem)
        for piece in sorted((each for secret in secrets.values() for each in _pieces(secret)), key=len, reverse=True):
            said = said.replace(piece, "***")
        raise NeedscastError(f"channel {channel.name} could not be told: {said}") from None


def _explained(problem: Exception) -> str:
    cause = problem.reason if isinstance(problem, URLError) else problem
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"the certificate of the server is not trusted: {cause.verify_message}; if it should be, have the "
            "certificate of its authority added to those of this system, or named in SSL_CERT_FILE"
        )
    return f"{type(problem).__name__}: {problem}"


def _pieces(secret: str) -> set[str]:
    """Return a secret with all that a server or library may quote of it: its parts as an address, and in Base64."""
    address = urlsplit(secret)
    parts = {secret, address.netloc, address.path, address.query, *address.path.split("/"), *address.query.split("&")}
    encoded = {b64encode(each.encode()).decode() for each in parts}
    return {each for each in parts | encoded if len(each) >= _SHORTEST}


def _secrets(channel: Channel, environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for field in ("url_secret", "user_secret", "password_secret"):
        name = getattr(channel, field)
        if name:
            if SECRETS + name not in environment:
                raise NeedscastError(f"channel {channel.name} needs {SECRETS + name} in the environment")
            found[field] = environment[SECRETS + name]
    return found


def _mail(channel: Channel, message: Message, secrets: Mapping[str, str]) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, channel.sender, ", ".join(channel.to)
    mail.set_content("\n".join(message.lines) + "\n")
    if channel.tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(channel.host, channel.port, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(channel.host, channel.port, timeout=_SECONDS)
    with server:
        if channel.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if "user_secret" in secrets:
            server.login(secrets["user_secret"], secrets.get("password_secret", ""))
        server.send_message(mail)


def _post(address: str, message: Message) -> None:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("the address of a webhook begins with https://")
    body = {"text": "\n".join((message.subject, *message.lines)), **message.data}
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=_SECONDS):
        pass


def _figures(summary: Mapping[str, Any], words: Words) -> dict[tuple[str, str], Range]:
    """Return the key figures with a range by key and label."""
    blocks = [from_json(each) for each in summary.get("blocks", ())]
    figures = [each for each in flat(block for block in blocks if isinstance(block, Group))]
    return {
        (str(getattr(each.label, "key", each.label)).removeprefix("key."), words.say(each.label)): each.value
        for each in figures
        if isinstance(each, KeyFigure) and isinstance(each.value, Range)
    }


def _printed(value: Range, words: Words) -> str:
    return f"{words.with_unit(words.ends(value), value.unit)} ({words.mass(value.mass)}), middle {words.middle(value)}"


def _is_beyond(line: Threshold, value: Range) -> bool:
    if line.above is not None:
        return value.median > line.above
    return line.below is not None and value.median < line.below
