"""Telling people, against real servers on this machine; no secret is ever written down."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from needscast.errors import NeedscastError
from needscast.press import notify, schedule
from needscast.press.notify import Message
from needscast.press.timetable import Channel, Threshold
from needscast.report.blocks import Group, KeyFigure
from needscast.report.values import Range
from needscast.report.words import Words

TOY = Path(__file__).parents[1] / "crises" / "toy"
HUSH = "correct-horse-battery"
MOVED = Message("Needscast, weekly: headlines changed", ("as-now: People: 1 -> 2",), {"event": "headlines changed"})


class Mailbox:
    """What a mail server does with mail and with names: it keeps the one and knows one of the other."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):
        self.got.append(envelope)
        return "250 kept"

    @staticmethod
    def known(server, session, envelope, mechanism, login):
        return AuthResult(success=login.login == b"office" and login.password == HUSH.encode(), handled=False)


@pytest.fixture
def serve():
    """Return a function that runs a mail server; it returns the port and the messages it got."""
    running = []

    def start(**options):
        box = Mailbox()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        running.append(Controller(box, "127.0.0.1", port, authenticator=box.known, **options))
        running[-1].start()
        return port, box.got

    yield start
    for each in running:
        each.stop()


@pytest.fixture
def mailbox(serve):
    """Run a mail server that takes name and password in the clear."""
    return serve(auth_require_tls=False)


@pytest.fixture(scope="session")
def authority():
    """Make an authority that signs certificates; no system trusts it."""
    return pytest.importorskip("trustme").CA()


@pytest.fixture
def secure(serve, authority):
    """Return a function that runs a mail server with a certificate for a host, by STARTTLS or by TLS from the start."""

    def start(tls, host="127.0.0.1"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(host).configure_cert(context)
        by_name = {"tls_context": context, "require_starttls": True}
        return serve(**by_name) if tls == "starttls" else serve(ssl_context=context, auth_require_tls=False)

    return start


@pytest.fixture
def hook():
    """Run a web server; yield its address, the bodies it got, and a list whose last item is the status it answers."""
    got, status = [], [200]

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status[-1])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{HUSH}", got, status
    server.shutdown()
    server.server_close()


def smtp(port, tls="none"):
    login = {"user_secret": "USER", "password_secret": "PASS"}
    return Channel(
        "office",
        "smtp",
        host="127.0.0.1",
        port=port,
        tls=tls,
        sender="press@x.org",
        to=("a@x.org",),
        **login,
    )


def test_a_mail_arrives_with_its_lines(mailbox):
    port, got = mailbox
    notify.tell(smtp(port), MOVED, {"NEEDSCAST_SECRET_USER": "office", "NEEDSCAST_SECRET_PASS": HUSH})
    text = got[0].content.decode()
    assert "Subject: Needscast, weekly: headlines changed" in text and "as-now: People: 1 -> 2" in text
    assert got[0].rcpt_tos == ["a@x.org"]


def test_a_wrong_password_and_a_missing_secret_are_errors_without_the_secret(mailbox):
    port, got = mailbox
    with pytest.raises(NeedscastError, match="office could not be told: SMTPAuthenticationError") as caught:
        notify.tell(smtp(port), MOVED, {"NEEDSCAST_SECRET_USER": "office", "NEEDSCAST_SECRET_PASS": "wrong-secret"})
    assert "wrong-secret" not in str(caught.value) and got == []
    with pytest.raises(NeedscastError, match="needs NEEDSCAST_SECRET_USER in the environment"):
        notify.tell(smtp(port), MOVED, {})


LOGIN = {"NEEDSCAST_SECRET_USER": "office", "NEEDSCAST_SECRET_PASS": HUSH}


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_mail_arrives_through_tls_when_the_authority_is_trusted(secure, authority, tls, tmp_path, monkeypatch):
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    port, got = secure(tls)
    notify.tell(smtp(port, tls), MOVED, LOGIN)
    assert [each.rcpt_tos for each in got] == [["a@x.org"]]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("host, why", [
    ("127.0.0.1", "unable to get local issuer certificate"),
    ("other.example", "IP address mismatch"),
])  # fmt: skip
def test_a_server_whose_certificate_is_not_trusted_gets_neither_mail_nor_password(
    secure, authority, tls, host, why, tmp_path, monkeypatch
):
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    if host != "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    port, got = secure(tls, host)
    with pytest.raises(
        NeedscastError, match=f"office could not be told: the certificate .* not trusted: .*{why}"
    ) as told:
        notify.tell(smtp(port, tls), MOVED, LOGIN)
    assert got == [] and HUSH not in str(told.value) and "SSL_CERT_FILE" in str(told.value)
    assert told.value.__cause__ is None and told.value.__suppress_context__


def test_a_server_that_cannot_do_starttls_gets_neither_mail_nor_password(mailbox):
    port, got = mailbox
    with pytest.raises(NeedscastError, match="STARTTLS extension not supported"):
        notify.tell(smtp(port, "starttls"), MOVED, LOGIN)
    assert got == []


def test_a_webhook_gets_text_and_data(hook):
    address, got, _ = hook
    notify.tell(Channel("chat", "webhook", url_secret="HOOK"), MOVED, {"NEEDSCAST_SECRET_HOOK": address})
    assert got == [
        {"text": "Needscast, weekly: headlines changed\nas-now: People: 1 -> 2", "event": "headlines changed"}
    ]


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:9/SECRET-PATH",
    "http://127.0.0.1:9/in a/SECRET-PATH?key=SECRET-PATH",
    "http://SECRET-PATH:notaport/x",
    "file:///SECRET-PATH",
    "SECRET-PATH",
])  # fmt: skip
def test_an_address_that_does_not_answer_is_an_error_without_the_address(address):
    with pytest.raises(NeedscastError, match="chat could not be told") as caught:
        notify.tell(Channel("chat", "webhook", url_secret="HOOK"), MOVED, {"NEEDSCAST_SECRET_HOOK": address})
    assert "SECRET-PATH" not in str(caught.value)


def summary(middle):
    group = Group((KeyFigure("People", Range(middle - 10, middle, middle + 10, 0.8)),), "figures")
    return {"as-now": {"warnings": [], "blocks": [group.to_json()]}}


@pytest.fixture
def words():
    return Words("en")


def test_headline_changes_are_told_with_both_ranges_and_unchanged_ones_are_not(words):
    moved = notify.changes(summary(100), summary(120), words)
    assert [each.report for each in moved] == ["as-now"]
    said = moved[0].said(words)
    assert "90" in said and "110" in said and "130" in said and said.count("80") == 2
    assert notify.changes(summary(100), summary(100), words) == ()


@pytest.mark.parametrize("line, before, now, told", [
    (Threshold("People", above=110), 100, 120, 1),
    (Threshold("People", above=110), 115, 120, 0),  # it was beyond already
    (Threshold("People", above=110), 120, 100, 0),
    (Threshold("People", below=110), 120, 100, 1),
    (Threshold("People", report="other", above=110), 100, 120, 0),
    (Threshold("cost", above=110), 100, 120, 0),
])  # fmt: skip
def test_a_threshold_is_told_when_it_is_crossed_and_only_then(words, line, before, now, told):
    assert len(notify.crossed([line], notify.changes(summary(before), summary(now), words))) == told


@pytest.mark.prove
def test_a_schedule_tells_of_news_and_once_of_a_failure_without_a_secret(hook, quick_reports, tmp_path, monkeypatch):
    address, got, status = hook
    monkeypatch.setenv("NEEDSCAST_SECRET_HOOK", address)
    path = tmp_path / "schedule.toml"
    path.write_text(
        f"""
[channel.chat]
kind = "webhook"
url_secret = "HOOK"

[[report]]
name = "daily"
crisis = "{TOY.as_posix()}"
scenarios = ["offensive"]
formats = ["csv"]
cron = "0 6 * * *"
tell = ["chat"]
""",
        encoding="utf-8",
    )
    quick_reports()
    schedule.due(path, datetime(2026, 3, 1, 7, tzinfo=UTC))
    quick_reports("raise ValueError('the register is gone')")
    failed = [schedule.due(path, datetime(2026, 3, day, 7, tzinfo=UTC))[0] for day in (2, 3)]
    assert [each["event"] for each in got] == ["first report", "failed"]
    assert "the register is gone" in got[1]["text"] and [each.result for each in failed] == ["failed", "failed"]
    status.append(500)
    quick_reports("1 + 1")
    monkeypatch.setattr(notify, "changes", lambda *_: notify_change())
    outcome = schedule.due(path, datetime(2026, 3, 4, 7, tzinfo=UTC))[0]
    assert outcome.result == "published" and not outcome.is_good and "500" in outcome.untold[0]
    for file in (each for each in (tmp_path / "daily").rglob("*") if each.is_file()):
        assert HUSH.encode() not in file.read_bytes(), file.name


def notify_change():
    return (notify.Change("offensive", "people", "People", None, Range(1.0, 2.0, 3.0, 0.8)),)
