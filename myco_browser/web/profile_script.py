"""A script of ours in every document of a profile, in a world that pages do not see.

It belongs to the profile, not to a page: when a navigation takes another process, the engine has
made the new frame before it asks us, and only scripts of the profile reach it (measured with 6.11).
"""

from __future__ import annotations

from PyQt6.QtWebEngineCore import QWebEngineProfile, QWebEngineScript

_World = QWebEngineScript.ScriptWorldId


class ProfileScript:
    """A script in every frame of a profile, whose source changes."""

    def __init__(
        self,
        profile: QWebEngineProfile,
        name: str,
        world: _World = _World.ApplicationWorld,
    ) -> None:
        self._profile = profile
        self._name = name
        self._world = world
        self._source = ""
        self._script: QWebEngineScript | None = None

    def put(self, source: str) -> None:
        """What runs in documents from now on; nothing when empty."""
        scripts = self._profile.scripts()
        if scripts is None or source == self._source:
            return
        before, self._script = self._script, None
        self._source = source
        if source:
            self._script = script = QWebEngineScript()
            script.setName(self._name)
            script.setWorldId(self._world.value)
            script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
            script.setRunsOnSubFrames(True)
            script.setSourceCode(source)
            scripts.insert(script)
        # Afterwards: a document that is made meanwhile must not be without (the scripts
        # themselves see to it that the second of two does nothing).
        if before is not None:
            scripts.remove(before)
