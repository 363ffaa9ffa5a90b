"""Puts another browser's names into documents of sites that are told one.

Most realms are told natively by the inspection bridge; this script is for frames that it reaches
late, and for pages that a form opened. It holds the origins that were visited.
"""

from __future__ import annotations

import json

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

from myco_browser.domain.agents import Agent
from myco_browser.domain.urls import origin
from myco_browser.web.profile_script import ProfileScript
from myco_browser.web.site_agents import SiteAgents
from myco_resources import read_script


class AgentScript:
    """The script of a session's profile. Qt thread only."""

    def __init__(self, profile: QWebEngineProfile, agents: SiteAgents) -> None:
        self._agents = agents
        self._script = ProfileScript(
            profile, "myco-agent", QWebEngineScript.ScriptWorldId.MainWorld
        )
        self._origins: tuple[str, ...] = ()

    def agent(self, top: QUrl) -> Agent | None:
        """What the page on top at `top` and all in it are told; None for the usual."""
        return self._agents.agent(top)

    def prepare(self, top: str) -> None:
        """A page is about to be shown on top at this address."""
        agent = self._agents.agent(QUrl(top))
        if agent is None and not self._origins:
            return
        kept = [one for one in self._origins if self._agents.agent(QUrl(one)) is not None]
        new = origin(top)
        if agent is not None and new is not None and new not in kept:
            kept.append(new)
        self._origins = tuple(kept)
        wanted = agent or next(filter(None, (self._agents.agent(QUrl(one)) for one in kept)), None)
        if wanted is None:
            self._script.put("")
        else:
            call = f"{json.dumps(wanted.override())}, {json.dumps(kept)}"
            self._script.put(f"({read_script('agent.js')})({call})")
