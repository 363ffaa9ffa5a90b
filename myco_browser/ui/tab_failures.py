"""What a tab says when its page could not be shown: why, in plain words, and what to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl
from PyQt6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineLoadingInfo,
    QWebEnginePage,
)

from myco_browser.domain.lookalikes import shown_host
from myco_browser.domain.tunnel import TunnelPhase
from myco_browser.ui.blocked_page import Ways, blocked_message
from myco_browser.ui.i18n import _
from myco_browser.ui.interstitial import Choice, Message
from myco_browser.ui.notice_bar import NoticeBar
from myco_browser.web.block_log import Refused
from myco_browser.web.insecure_forms import HeldForm
from myco_browser.web.interceptor import LOCAL_NETWORK
from myco_browser.web.page import WebPage
from myco_browser.web.requests import encoded

if TYPE_CHECKING:
    from myco_browser.ui.tab import Tab

_Certificate = QWebEngineCertificateError.Type
_HTTP_STATUS = QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
# The engine's network errors (net_error_list.h) that need words of their own.
_ABORTED = -3
_FILE_NOT_FOUND = -6
_ACCESS_DENIED = -10
_TLS_FAILURES = frozenset({-107, -110, -113, -117, -123, -126, -127, -129, -134, -136, -141, -148})
_UNSAFE_PORT = -312
_REDIRECTS = -310
# Why nothing came that has nothing to do with encryption.
_NO_SERVER = frozenset({"name-not-found", "resolver", "local-blocked", "exit-blocked"})
_PROXY_FAILURES = frozenset({-111, -115, -130, -131})


class FailureMessages:
    """Watches a tab's page and shows messages in the tab."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._certificate: QWebEngineCertificateError | None = None
        self._accepted_hosts: set[str] = set()
        self._crashes: list[float] = []

    @property
    def warning(self) -> str:
        """The chip's word for the page shown, or ""."""
        if self._certificate is not None or self._tab.url.host() in self._accepted_hosts:
            return _("Certificate error")
        return ""

    def watch(self, page: WebPage) -> None:
        """Connects to a new page."""
        page.failed.connect(self._on_failed)
        page.certificate_refused.connect(self._on_certificate)
        page.popup_blocked.connect(self._on_popup_blocked)
        page.link_refused.connect(self._on_link_refused)
        page.loadStarted.connect(self._on_started)
        page.renderProcessTerminated.connect(lambda status, _code: self._on_crash(page, status))
        page.gate.inspection.failed.connect(lambda: self._on_unprepared(page))

    def _on_crash(
        self, page: WebPage, status: QWebEnginePage.RenderProcessTerminationStatus
    ) -> None:
        if status == QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        now = time.monotonic()
        self._crashes = [then for then in self._crashes if now - then < 60] + [now]
        if page.lifecycleState() != QWebEnginePage.LifecycleState.Discarded:
            self._show_crash(self._tab.url, again=len(self._crashes) >= 3)

    def _on_unprepared(self, page: WebPage) -> None:
        if page.gate.is_open:
            return
        text = _(
            "A private page is opened only when what it could learn about this computer has been "
            "made the same for everybody, and that did not work."
        )
        url = self._tab.url
        again = Choice(_("Try again"), lambda: self._retry(page, url))
        self._tab.show_message(
            Message("mask", _("This page was not opened"), text, encoded(url)[:300], "warning",
                    (again,)),
            url,
        )  # fmt: skip

    def _retry(self, page: WebPage, url: QUrl) -> None:
        page.gate.inspection.build()
        self._tab.navigate(url)

    def _show_crash(self, url: QUrl, *, again: bool) -> None:
        text = _("Something in this page ended its process. Your other tabs are not affected.")
        if again:
            text += " " + _("It happened several times: reloading may not help.")
        reload = Choice(_("Reload"), lambda: self._tab.navigate(url))
        self._tab.show_message(
            Message("crash", _("This page has crashed"), text, encoded(url)[:300], "warning",
                    (reload,)),
            url,
        )  # fmt: skip

    def _on_started(self) -> None:
        self._certificate = None

    def _on_failed(self, url: QUrl, domain: QWebEngineLoadingInfo.ErrorDomain, code: int) -> None:
        if code == _ABORTED or self._certificate is not None:
            return
        if domain == _HTTP_STATUS:
            self._show_http_status_if_empty(url, code)
            return
        self._tab.show_message(self._message(url, code), url)

    def _message(self, url: QUrl, code: int) -> Message:
        host = shown_host(url.host())
        again = Choice(_("Try again"), lambda: self._tab.navigate(url))
        details = f"{encoded(url)[:300]}\n({code})"
        if (form := self._tab.context.policy.forms.held(encoded(url))) is not None:
            return self._form_message(form, host)
        # The engine has several codes for a refusal of ours, so the policy is asked first.
        if (refused := self._tab.context.policy.refused_document(encoded(url))) is not None:
            return self._blocked_message(url, host, refused)
        if code in (_FILE_NOT_FOUND, _ACCESS_DENIED) and url.isLocalFile():
            return Message("file", _("File not found"),
                           _("There is no such file, or it may not be read."), details, "warning",
                           (again,))  # fmt: skip
        if code in _TLS_FAILURES and self._tab.context.policy.https.plain_address(url) is None:
            return Message("unlock", _("No secure connection"),
                           _("{host} did not agree on an encrypted connection. Its set-up may be "
                             "out of date, or something on the way interferes.").format(host=host),
                           details, "warning", (again,))  # fmt: skip
        if code == _UNSAFE_PORT:
            return Message("shield", _("This port is closed"),
                           _("Port {port} belongs to another service than the web. It is not "
                             "opened, because pages could abuse it.").format(port=url.port()),
                           details, "warning",
                           (Choice(_("Go back"), self._go_back),))  # fmt: skip
        if code == _REDIRECTS and self._tab.context.policy.https.plain_address(url) is None:
            return Message("reload", _("Going round in circles"),
                           _("{host} keeps sending the browser elsewhere. Deleting its cookies may "
                             "help.").format(host=host), details, "warning", (again,))  # fmt: skip
        port = url.port(443 if url.scheme() == "https" else 80)
        cause = self._tab.context.door.why(url.host(), port).cause
        if cause == "none" and code in _PROXY_FAILURES:
            cause = "exit-blocked"
        plain = self._tab.context.policy.https.plain_address(url)
        if plain is not None and cause not in _NO_SERVER:
            return self._unencrypted_message(plain, host, details)
        icon_name, title, text = door_words(cause, host, port)
        choices: tuple[Choice, ...] = (again,)
        if cause == "exit-blocked":
            panel = Choice(_("Show the VPN"), self._show_tunnel)
            choices = (*self._tunnel_choices(url), again, panel)
        if cause == "local-blocked":
            choices = (again, self._local_choice(url))
        return Message(icon_name, title, text, details, "warning", choices)

    def _unencrypted_message(self, plain: QUrl, host: str, details: str) -> Message:
        def go_on() -> None:
            self._tab.context.policy.https.allow_plain(plain)
            self._tab.navigate(plain)

        return Message("unlock", _("No encrypted connection to {host}").format(host=host),
                       _("It was asked for by encrypted connection, and that did not work. Without "
                         "encryption, everybody on the way can read and change what is exchanged."),
                       details, "warning",
                       (Choice(_("Try again"), lambda: self._tab.navigate(plain)),
                        Choice(_("Go on without encryption"), go_on, risky=True)))  # fmt: skip

    def _form_message(self, form: HeldForm, host: str) -> Message:
        def go_on() -> None:
            page = self._tab.page
            self._tab.leave_message()
            if page is not None and not self._tab.context.policy.forms.send(form, page):
                text = _("You may send this form now: press its button once more.")
                self._tab.show_notice(NoticeBar("unlock", text, (), self._tab.context.face))

        return Message("unlock", _("This form would be sent in the clear"),
                       _("The page is encrypted, but what you filled in would go to {host} without "
                         "encryption: everybody on the way could read and change it.").format(
                             host=host),
                       form.urlstr[:300], "warning",
                       (Choice(_("Go back"), self._go_back),
                        Choice(_("Send it anyway"), go_on, risky=True)))  # fmt: skip

    def _blocked_message(self, url: QUrl, host: str, refused: Refused) -> Message:
        if refused.list_title == LOCAL_NETWORK:
            return Message("shield", _("Kept away from your network"),
                           _("A page of the web wanted to open {host}, which is on this machine or "
                             "in your network. Such requests can be used to attack routers and "
                             "printers.").format(host=host),
                           encoded(url)[:300], "warning",
                           (Choice(_("Go back"), self._go_back),
                            self._local_choice(url)))  # fmt: skip

        def go_on() -> None:
            self._tab.context.policy.allow_document(encoded(url))
            self._tab.navigate(url)

        ways = Ways(self._go_back, go_on, lambda message: self._tab.show_message(message, url))
        return blocked_message(host, refused, encoded(url)[:300], ways)

    def _tunnel_choices(self, url: QUrl) -> tuple[Choice, ...]:
        """What can be done about a tunnel that is wanted and not there."""
        tunnel = self._tab.context.tunnel
        chosen = tunnel.view.exit()
        if tunnel.view.phase is not TunnelPhase.BLOCKED or chosen is None:
            return ()

        def connect() -> None:
            tunnel.turn_on(chosen.exit_id)
            self._tab.navigate(url)  # it waits at the door until the tunnel stands

        return (Choice(_("Connect by {name}").format(name=chosen.name), connect),)

    def _show_tunnel(self) -> None:
        # The window is made of tabs, and knows this module.
        from myco_browser.ui.wanted import tunnel_panel
        from myco_browser.ui.window import BrowserWindow

        if isinstance(window := self._tab.window(), BrowserWindow):
            tunnel_panel(window)

    def _local_choice(self, url: QUrl) -> Choice:
        def go_on() -> None:
            # A public name that leads to a private address is granted by its name.
            port = url.port(443 if url.scheme() == "https" else 80)
            self._tab.context.door.grant_local(url.host(), port)
            self._tab.navigate(url)

        return Choice(_("Open it anyway"), go_on, risky=True)

    def _show_http_status_if_empty(self, url: QUrl, status: int) -> None:
        # The site's own error page is shown as it is; an empty answer needs words of ours.
        page = self._tab.page

        def look(html: str | None) -> None:
            if "<body></body>" in (html or "").replace("\n", "") and self._tab.page is page:
                self._show_http_status(url, status)

        if page is not None:
            page.toHtml(look)

    def _show_http_status(self, url: QUrl, status: int) -> None:
        again = Choice(_("Try again"), lambda: self._tab.navigate(url))
        host = shown_host(url.host())
        text = _("{host} answered with the error {status} and nothing else.").format(
            host=host, status=status
        )
        self._tab.show_message(
            Message("warning", _("No page came"), text, encoded(url)[:300], "warning", (again,)),
            url,
        )

    def _on_certificate(self, error: QWebEngineCertificateError) -> None:
        url = error.url()
        if (plain := self._tab.context.policy.https.plain_address(url)) is not None:
            # Nobody asked for the encrypted address: the site's own may be the one in the clear.
            error.rejectCertificate()
            host = shown_host(url.host())
            message = self._unencrypted_message(plain, host, _certificate_details(error))
            self._tab.show_message(message, url)
            return
        self._certificate = error
        choices = [Choice(_("Go back"), lambda: self._leave(error))]
        text = _certificate_words(error.type(), shown_host(url.host()))
        # The engine allows no way on where the site demands encryption (HSTS, RFC 6797).
        if error.isOverridable():
            label = _("I understand the risk: open it anyway")
            choices.append(Choice(label, lambda: self._accept(error), risky=True))
        else:
            text += " " + _("This site demands a valid certificate, so there is no way on.")
        details = _certificate_details(error)
        self._tab.show_message(
            Message("unlock", _("The connection is not private"), text, details, "danger",
                    tuple(choices)),
            url,
        )  # fmt: skip

    def _accept(self, error: QWebEngineCertificateError) -> None:
        self._certificate = None
        self._accepted_hosts.add(error.url().host())
        self._tab.show_page()
        error.acceptCertificate()

    def _leave(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        self._certificate = None
        self._go_back()

    def _go_back(self) -> None:
        if self._tab.can_go(-1):
            self._tab.go(-1)
        else:
            self._tab.closed.emit()

    def _on_popup_blocked(self, url: QUrl) -> None:
        host = shown_host(url.host()) or url.scheme()
        text = _("A pop-up to {host} was blocked.").format(host=host)
        show = Choice(_("Open it"), lambda: self._tab.window_for(url))
        face = self._tab.context.face
        self._tab.show_notice(NoticeBar("window", text, (show,), face))

    def _on_link_refused(self, url: QUrl) -> None:
        text = _("This page may not open {address}.").format(address=url.toDisplayString()[:120])
        self._tab.show_notice(NoticeBar("shield", text, (), self._tab.context.face))


def door_words(cause: str, host: str, port: int) -> tuple[str, str, str]:
    """Icon, title and text for a cause that the door gave."""
    match cause:
        case "name-not-found":
            return ("search", _("This address was not found"),
                    _("There is no server called {host}. Is the address spelled right?").format(
                        host=host))  # fmt: skip
        case "resolver":
            return ("search", _("The name server does not answer"),
                    _("You chose to ask an encrypted name server, and it did not say where {host} "
                      "is. Nobody else was asked. Try again, or choose another one in the "
                      "settings.").format(host=host))  # fmt: skip
        case "refused":
            return ("network-off", _("Nobody answers there"),
                    _("{host} exists but takes no connection on port {port}.").format(
                        host=host, port=port))  # fmt: skip
        case "timeout":
            return ("network-off", _("No answer in time"),
                    _("{host} did not answer. It may be down, or far too busy.").format(
                        host=host))  # fmt: skip
        case "unreachable":
            return ("network-off", _("No way there"),
                    _("{host} cannot be reached. Is this computer connected to a network?").format(
                        host=host))  # fmt: skip
        case "local-blocked":
            return ("shield", _("Kept away from your network"),
                    _("{host} leads to this machine or your own network, which pages of the web "
                      "may not reach.").format(host=host))  # fmt: skip
        case "filtered":
            return ("shield", _("Not connected"),
                    _("The filters did not allow a connection to where {host} leads.").format(
                        host=host))  # fmt: skip
        case "exit-blocked":
            return ("door-closed", _("The exit is closed"),
                    _("Nothing leaves this computer at the moment, so {host} was not asked.")
                    .format(host=host))  # fmt: skip
        case _:
            return ("network-off", _("The page could not be loaded"),
                    _("The connection to {host} ended before the page came.").format(
                        host=host))  # fmt: skip


def _certificate_words(kind: QWebEngineCertificateError.Type, host: str) -> str:
    match kind:
        case _Certificate.CertificateDateInvalid:
            text = _("The certificate of {host} has expired or is not valid yet. "
                     "Is the clock of this computer right?")  # fmt: skip
        case _Certificate.CertificateCommonNameInvalid:
            text = _("The certificate shown was made for another site than {host}. "
                     "Somebody may be in between.")  # fmt: skip
        case _Certificate.CertificateAuthorityInvalid:
            text = _("The certificate of {host} was signed by nobody this computer trusts. "
                     "Somebody may be in between.")  # fmt: skip
        case _Certificate.CertificateRevoked:
            text = _("The certificate of {host} was withdrawn by its issuer.")
        case _Certificate.CertificateWeakSignatureAlgorithm | _Certificate.CertificateWeakKey:
            text = _("The certificate of {host} uses cryptography that can be broken.")
        case _:
            text = _("The certificate of {host} is not valid.")
    return text.format(host=host)


def _certificate_details(error: QWebEngineCertificateError) -> str:
    lines = [error.description(), encoded(error.url())[:300]]
    chain = error.certificateChain()
    if chain:
        first = chain[0]
        issuer = ", ".join(first.issuerDisplayName().split(","))
        until = first.expiryDate().toString("yyyy-MM-dd")
        lines.append(
            _("Issued by {issuer}, valid until {until}").format(issuer=issuer, until=until)
        )
    return "\n".join(lines)
