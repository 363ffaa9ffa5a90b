"""Servers of mail that only a name server knows: found, and shown before a password goes there."""

from __future__ import annotations

import asyncio

import pytest
from support.dovecot import PASSWORD, dovecot
from support.mail_servers import smtp_server
from support.mail_way import Cables

from myco_browser.domain.mail import Account, Security
from myco_browser.mail.autoconfig import read_services
from myco_browser.services.mail_setup import NoAccount, SetUpCause, set_up
from myco_filters.lists.updates import Failed

_ADDRESS = "alice@coop.test"


class _Silent:
    """No domain says anything by https."""

    async def fetch(self, url: str, etag: str, last_modified: str, limit: int) -> Failed:
        return Failed("nobody answers")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_name_server_is_believed_for_its_own_domain_only(elsewhere: bool) -> None:
    domain = "far.test" if elsewhere else "coop.test"
    hosts = (f"imap-1.{domain}", f"out.{domain}")
    places = {
        "_imaps._tcp.coop.test": (hosts[0], 993),
        "_submissions._tcp.coop.test": (hosts[1], 465),
    }
    asked: list[str] = []

    def locate(name: str) -> tuple[tuple[str, int], ...]:
        asked.append(name)
        return (places[name],) if name in places else ()

    with dovecot(*hosts) as imap, smtp_server(imap.authority, PASSWORD, *hosts) as smtp:
        cables = Cables(imap, smtp)
        found = asyncio.run(set_up(_ADDRESS, PASSWORD, "", "teal", _Silent(), cables.way(), locate))
        assert set(asked) == {
            f"_{one}._tcp.coop.test" for one in ("imaps", "imap", "submissions", "submission")
        }
        if elsewhere:
            # Nothing was dialled: the user is asked first.
            assert isinstance(found, NoAccount)
            assert found.cause is SetUpCause.ELSEWHERE
            assert found.tried is not None
            assert (found.tried.imap.host, found.tried.smtp.host) == hosts
            assert cables.open == []
        else:
            assert isinstance(found, Account)
            assert (found.imap.host, found.smtp.host) == hosts
        cables.cut()


def test_a_service_that_is_not_there_is_no_server() -> None:
    found = {
        "_imaps._tcp.coop.test": [(".", 0)],
        "_imap._tcp.coop.test": [("imap.coop.test", 143)],
        "_submission._tcp.coop.test": [("smtp.coop.test", 587)],
    }
    candidate = read_services(found, _ADDRESS)
    assert candidate is not None
    assert candidate.imap.security is candidate.smtp.security is Security.STARTTLS
    assert not candidate.elsewhere
    del found["_submission._tcp.coop.test"]
    assert read_services(found, _ADDRESS) is None
