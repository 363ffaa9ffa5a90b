"""The desktop's secret service, by way of `keyring`: texts under a service's name and their own.

A backend that forgets silently, or writes to a plain file, is no keeper: the service is tried with
a word of our own before it is trusted. Everything here may block, even until the user answered.
"""

from __future__ import annotations

import contextlib
import secrets

from myco_secrets.errors import KeeperError, LockedError, MissingError

_PROBE = "probe"


class SecretService:
    """The texts of one service."""

    def __init__(self, service: str) -> None:
        self._service = service

    def put(self, name: str, text: str) -> None:
        """Keep a text. Raises KeeperError."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(self._service, name, text)
        except (KeyringError, RuntimeError, OSError) as error:
            raise KeeperError(f"the keyring does not keep the key: {error}") from error

    def get(self, name: str) -> str:
        """Give it back. Raises LockedError, MissingError."""
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(self._service, name)
        except (KeyringError, RuntimeError, OSError) as error:
            raise LockedError(f"the keyring does not give the key: {error}") from error
        if text is None:
            raise MissingError("the key is not in the keyring")
        return text

    def delete(self, name: str) -> None:
        """Forget it; nothing happens when there is none. Raises KeeperError."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.delete_password(self._service, name)
        except (KeyringError, RuntimeError, OSError) as error:
            # Backends do not say whether there was none, or whether it is still there.
            with contextlib.suppress(MissingError):
                self.get(name)
                raise KeeperError(f"the keyring does not let it go: {error}") from error

    def works(self) -> bool:
        """Whether a secret service is there that gives back what it was given."""
        try:
            import keyring
        except ImportError:
            return False
        if any(_is_no_keeper(backend) for backend in _backends(keyring.get_keyring())):
            return False
        word = secrets.token_hex(8)
        try:
            self.put(_PROBE, word)
            kept = self.get(_PROBE)
            self.delete(_PROBE)
        except KeeperError:
            return False
        return kept == word


def _backends(backend: object) -> list[object]:
    """The backend, or those that it asks in turn; only the first of them is written to."""
    inner = getattr(backend, "backends", None)
    return [inner[0]] if isinstance(inner, list) and inner else [backend]


def _is_no_keeper(backend: object) -> bool:
    """Whether it is known to refuse, to forget, or to write keys to a plain file."""
    module = type(backend).__module__
    return module.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt"))
