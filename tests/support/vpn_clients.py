"""The browser's own clients at work while a lab's tunnel is switched, and a launcher killed.

Mail is watched on a real Dovecot beyond the gateway, a list is fetched, a file is downloaded: each
by way of the door, under its own word. Dovecot's log tells from which address it was asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from support.dovecot import PASSWORD, Dovecot, dovecot, message
from support.launcher_rig import (
    LauncherRig,
    StubSession,
    children_of,
    is_alive,
    launcher_rig,
    wait_until,
)
from support.vpn_client import Client
from support.vpn_lab import SERVER_V4, Lab, drop_ambient, raise_ambient

from myco_browser.domain.mail import (
    Account,
    Backoff,
    MailState,
    Security,
    Server,
    Summary,
    Watching,
)
from myco_browser.mail.imap_answers import Counts
from myco_browser.services.door_fetcher import DoorFetcher
from myco_browser.services.mail_watch import Watcher
from myco_browser.system.dialled import Way
from myco_filters.lists.updates import Failed, Fetched, NotModified
from myco_vpn.link import dial, dial_blocking
from myco_vpn.tunnel.states import BlockAll, Event, Protected, TurnOff, TurnOn
from myco_vpn.wireguard.config import write

_SWITCHES: tuple[Event, ...] = (TurnOn("a"), TurnOn("b"), BlockAll())
_WORDS = ("downloads", "lists", "mail")
_USER = "alice@coop.test"
_PASSPHRASE = "correct horse"
_LIMIT = 1 << 40


class Mail:
    """An account that is watched; what its watcher tells."""

    def __init__(self, server: Dovecot, proxy: tuple[str, int]) -> None:
        here = Server(SERVER_V4, server.imaps, Security.TLS)
        account = Account("a", _USER, _USER, here, here)
        way = Way(
            lambda host, port: dial_blocking(host, port, "mail", proxy),
            lambda: ssl.create_default_context(cafile=str(server.authority_file)),
        )
        self.state: MailState | None = None
        self.subjects: list[str] = []
        self._watcher = Watcher(account, way, self, self)

    def refuse(self, _token: str) -> bool:
        return False

    def start(self) -> None:
        self._watcher.start()

    def retry(self) -> None:
        self._watcher.retry()

    def end(self) -> None:
        self._watcher.end()

    def get(self, account_id: str) -> str:
        return PASSWORD

    def state_changed(self, account_id: str, state: MailState) -> None:
        self.state = state

    def counted(self, account_id: str, path: str, counts: Counts) -> None:
        pass

    def arrived(self, account_id: str, path: str, new: Sequence[Summary]) -> None:
        self.subjects += [one.subject for one in new]

    def changed(self, account_id: str, path: str) -> None:
        pass


class Busy:
    """Mail, a list that is long in coming, and a download, through one door."""

    def __init__(self, client: Client, mail: Mail) -> None:
        self.client = client
        self.mail = mail
        self._fetcher = DoorFetcher(client.proxy, "lists", "test", plain_http=True)

    async def begin(self) -> None:
        """Until all three are under way."""
        before = await asyncio.to_thread(self._received)
        url = f"http://{SERVER_V4}/stream"
        self.list = asyncio.create_task(self._fetcher.fetch(url, "", "", _LIMIT))
        self.download = asyncio.create_task(self._download())
        if isinstance(self.mail.state, Backoff):
            self.mail.retry()
        await _until(lambda: isinstance(self.mail.state, Watching))
        await _until(
            lambda: all(now > was for now, was in zip(self._received(), before, strict=True))
        )

    async def are_cut(self) -> bool:
        """Whether all three ended, and none of them well."""
        await _until(lambda: not isinstance(self.mail.state, Watching))
        found: Fetched | NotModified | Failed = await self.list
        return isinstance(found, Failed) and await self.download < _LIMIT

    async def _download(self) -> int:
        reader, writer = await dial(SERVER_V4, 80, "downloads", self.client.proxy)
        writer.write(f"GET /bytes/{_LIMIT} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got = 0
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while part := await reader.read(1 << 18):
                got += len(part)
                await asyncio.sleep(0.005)
        return got

    def _received(self) -> list[int]:
        rows = self.client.link.counters()
        return [sum(row.received for row in rows if row.client == word) for word in _WORDS]


async def clients_running(lab_: Lab, client_: Client) -> dict[str, object]:
    """Off, on, another exit, blocked: each time while mail, lists and a download go on."""
    with _mail_server(lab_) as server:
        mail = Mail(server, client_.proxy)
        busy = Busy(client_, mail)
        await client_.send(TurnOff())
        mail.start()
        cuts, ends = [], []
        for step, event in enumerate(_SWITCHES):
            await busy.begin()
            with lab_.internet.inside():
                server.deliver(_USER, message(step, f"subject {step}"))
            await _until(lambda step=step: f"subject {step}" in mail.subjects)  # type: ignore[misc]
            if step == 0:  # all of that was direct
                lab_.tap.settle()
                lab_.tap.take()
            await _switch(client_, event)
            cuts.append(await busy.are_cut())
            if step == 0:
                lab_.tap.settle()
                ends = sorted(set(lab_.tap.take().others))  # of what was open directly
        blocked = await client_.fetch(SERVER_V4)
        await asyncio.to_thread(mail.end)
        await _switch(client_, TurnOn("b"))
        return {
            "cuts": cuts, "ends": ends, "subjects": mail.subjects, "blocked": blocked,
            "from": list(dict.fromkeys(re.findall(r"Login: .*?rip=([0-9.]+)", server.log()))),
        }  # fmt: skip


async def _switch(client_: Client, event: Event) -> None:
    if isinstance(event, TurnOn):
        await client_.send(event, lambda state: isinstance(state, Protected))
    else:
        await client_.send(event)


@contextlib.contextmanager
def _mail_server(lab_: Lab) -> Iterator[Dovecot]:
    with contextlib.ExitStack() as stack:
        with lab_.internet.inside():
            server = stack.enter_context(dovecot(SERVER_V4, listen=SERVER_V4))
        yield server


async def _until(holds: Callable[[], bool]) -> None:
    assert await asyncio.to_thread(wait_until, holds)


async def launcher_killed(lab_: Lab, client_: Client) -> dict[str, object]:
    """A launcher of its own, protected and in use, is killed: nothing of it goes on."""
    return await asyncio.to_thread(_launcher_killed, lab_)


def _launcher_killed(lab_: Lab) -> dict[str, object]:
    folder = lab_.folder / "launcher"
    folder.mkdir()
    drop_ambient()
    try:
        with launcher_rig(folder) as rig:
            return _use_and_kill(lab_, rig)
    finally:
        raise_ambient()


def _use_and_kill(lab_: Lab, rig: LauncherRig) -> dict[str, object]:
    rig.environ["XDG_DATA_HOME"] = str(rig.folder / "share")
    launcher = rig.start()
    session = rig.session()
    session.send({"type": "tunnel", "do": "unlock", "passphrase": _PASSPHRASE})
    item = {"name": "Coop", "text": write(lab_.config(0))}
    session.send({"type": "tunnel", "do": "import", "items": [item]})
    exit_id = _news(session, lambda news: bool(news["exits"]))["exits"][0]["id"]  # type: ignore[index]
    session.send({"type": "tunnel", "do": "on", "exit": exit_id})
    _news(session, lambda news: news["state"] == "protected")
    lab_.tap.settle()
    lab_.tap.take()
    answer = str(session.ask("fetch", host=SERVER_V4, port=80).get("answer", ""))
    below = [process.pid for process in children_of(launcher.pid)]
    os.kill(launcher.pid, signal.SIGKILL)
    gone = wait_until(lambda: not any(is_alive(pid) for pid in below))
    wish = Path(rig.profile, "tunnel.json").read_text()
    return {"through": answer[-11:], "processes": len(below), "gone": gone, "wish": wish}


def _news(session: StubSession, holds: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """The next news of the tunnel that is so."""
    while True:
        body = session.next_event()["body"]
        assert isinstance(body, dict)
        if body.get("type") == "tunnel" and holds(body):
            return body
