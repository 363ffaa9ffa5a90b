"""What permissions are called, and what they give away."""

from __future__ import annotations

from myco_browser.domain.site_settings import Decision, Permission
from myco_browser.ui.i18n import _


def permission_name(permission: Permission) -> str:
    """The name of a permission in the window's language."""
    return {
        Permission.CAMERA: _("Camera"),
        Permission.MICROPHONE: _("Microphone"),
        Permission.SCREEN: _("Screen sharing"),
        Permission.LOCATION: _("Location"),
        Permission.NOTIFICATIONS: _("Notifications"),
        Permission.CLIPBOARD: _("Clipboard"),
        Permission.POINTER_LOCK: _("Hiding the pointer"),
        Permission.LOCAL_FONTS: _("Fonts of this computer"),
        Permission.POPUPS: _("Pop-ups"),
    }[permission]


def permission_sentence(permission: Permission) -> str:
    """What giving it means."""
    return {
        Permission.CAMERA: _("It can see you, and learns the names of your cameras."),
        Permission.MICROPHONE: _("It can hear you, and learns the names of your microphones."),
        Permission.SCREEN: _("It sees what you choose, until you stop it or leave the page."),
        Permission.LOCATION: _("It learns where this computer is, often to the street."),
        Permission.NOTIFICATIONS: _("It can show messages while its page is open."),
        Permission.CLIPBOARD: _("It can read what you copied, maybe a password, and change it."),
        Permission.POINTER_LOCK: _("It hides the pointer and sees its movements. Escape ends it."),
        Permission.LOCAL_FONTS: _("It learns your fonts, by which it can recognise you."),
        Permission.POPUPS: _("It can open windows by itself."),
    }[permission]


def permission_icon(permission: Permission) -> str:
    """The name of its icon."""
    return {
        Permission.CAMERA: "camera",
        Permission.MICROPHONE: "microphone",
        Permission.SCREEN: "window",
        Permission.LOCATION: "location",
        Permission.NOTIFICATIONS: "bell",
        Permission.CLIPBOARD: "paste",
        Permission.POINTER_LOCK: "target",
        Permission.LOCAL_FONTS: "file",
        Permission.POPUPS: "window",
    }[permission]


def decision_name(decision: Decision | None) -> str:
    """What was decided."""
    match decision:
        case Decision.ALLOW:
            return _("Always allowed")
        case Decision.BLOCK:
            return _("Never allowed")
        case None:
            return _("Asks each time")
