"""Signing in on a provider's page in a tab, for a mail account; judged at provider and server."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.dovecot import dovecot, message
from support.mail_rig import NAMES, PANEL, PHRASE, USER, MailRig, open_mail
from support.mail_servers import smtp_server
from support.oidc_server import oidc_server

_PAGE = f"{PANEL}.pages.currentWidget()"


def test_the_providers_page_gives_an_account(rig: BrowserRig) -> None:
    with (
        oidc_server(USER) as provider,
        dovecot(*NAMES, introspection=f"{provider.issuer}/introspect") as imap,
        smtp_server(imap.authority, "-", *NAMES) as smtp,
    ):
        smtp.tokens = provider.access
        mail = MailRig(imap, smtp)
        mail.deliver(message(1, "one"))
        session = mail.start(rig)
        session.wait_for("tab is not None and tab.awake and not tab.loading")
        open_mail(session)
        session.wait_for(f"type({_PAGE}).__name__ == 'Assistant' and {_PAGE}._phrase_note.text()")
        session.do(
            f"page = {_PAGE}\npage.address.setText({USER!r})\n"
            f"page.passphrase.setText({PHRASE!r})\npage.sign_in.link.click()"
        )
        # The domain says nothing of its provider, so the user does.
        session.wait_for(f"not {_PAGE}.report.problem.isHidden()")
        session.do(
            f"page = {_PAGE}\npage.sign_in.provider.setText({provider.issuer!r})\n"
            "page.sign_in.link.click()"
        )
        session.wait_for("len(window.tabs) == 2 and tab.title == 'Agree'")
        session.script("document.getElementById('yes').click()")
        session.wait_for("len(window.tabs) == 1")
        session.wait_for(f"type({_PAGE}).__name__ == 'Mailbox'")
        session.wait_for(f"len({PANEL}.box.model._known) == 1")
        # The code was redeemed once, and nobody was asked for the address that carried it.
        assert provider.asked.count("/token") == 1
        hosts = session.value("[r.host for r in session._context.door.counters()]")
        assert "imap.coop.test" in hosts
        assert session.value("window.current().urlstr").startswith("myco:")
        told = [one.encode() for one in provider.secrets]
        for path in rig.profile.rglob("*"):
            raw = path.read_bytes() if path.is_file() else b""
            assert not [one for one in told if one in raw], path
        assert not [one for one in provider.secrets if one in rig.log()]
