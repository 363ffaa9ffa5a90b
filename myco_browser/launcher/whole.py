"""The whole computer's tunnel, as sessions may see and switch it: by the privileged helper."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from myco_vpn.framing import JsonObject
from myco_vpn.tunnel.endpoints import UnavailableError
from myco_vpn.whole import client
from myco_vpn.whole.client import Gateways, NotInstalledError
from myco_vpn.whole.verbs import Answer, BadRequestError
from myco_vpn.wireguard.config import Config

_log = logging.getLogger(__name__)


class WholeComputer:
    """Asks the helper, one thing at a time, beside everything else."""

    def __init__(self, load: Callable[[str], Config], folder: str) -> None:
        """`load` as in `ExitBook.load`; in `folder` gateways' addresses are remembered."""
        self._load = load
        self._gateways = Gateways(Path(folder) / "gateways.json")
        self._turn = asyncio.Lock()
        self.news: JsonObject = {"installed": False, "state": "off"}

    async def look(self) -> None:
        """Bring `news` up to date."""
        if not client.is_installed():
            self.news = {"installed": False, "state": "off"}
            return
        await self._do(lambda: client.ask("status"))

    async def up(self, exit_id: str) -> str:
        """Everything through an exit; what went wrong, or ""."""

        def connect() -> Answer:
            config = client.pinned(self._load(exit_id), self._gateways.find)
            if isinstance(config, str):
                return Answer(None, config)
            return client.ask("up", config)

        return await self._do(connect)

    async def down(self) -> str:
        """Everything as it was; what went wrong, or ""."""
        return await self._do(lambda: client.ask("down"))

    async def _do(self, work: Callable[[], Answer]) -> str:
        async with self._turn:
            try:
                answer = await asyncio.to_thread(work)
            except NotInstalledError:
                self.news = {"installed": False, "state": "off"}
                return "not installed"
            except (OSError, BadRequestError, UnavailableError) as error:
                _log.warning("the whole computer's tunnel: %s", error)
                return str(error)
        if answer.state is None:
            return answer.problem
        self.news = {"installed": True, "state": answer.state.value}
        return ""
