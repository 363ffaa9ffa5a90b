"""Letters with colours of their own are told from those that take the window's."""

from __future__ import annotations

import pytest

from myco_browser.mail.letter_colours import brings_colours
from myco_browser.mail.safe_html import make_safe


@pytest.mark.parametrize(
    ("html", "brings"),
    [
        ("<p>Hello <b>there</b></p><ul><li>One</li></ul>", False),
        ('<p style="margin:0;font-size:15px;text-align:left">Hello</p>', False),
        ("<p>The color: red, and bgcolor=blue</p>", False),
        ('<td style="border:1px solid #eee">x</td>', False),
        ('<p style="margin:0; COLOR : #333">Hello</p>', True),
        ("<p style='background-color:#fff'>Hello</p>", True),
        ('<div style="background: white">Hello</div>', True),
        ("<table BGCOLOR=#f4efe6><tr><td>x</td></tr></table>", True),
        ("<font color=red>x</font>", True),
        ("<style>p{color:red}</style><p>Hello</p>", False),
    ],
)
def test_only_what_stays_of_a_letter_counts(html: str, brings: bool) -> None:
    assert brings_colours(make_safe(html, {}, remote=False).html) is brings
