"""What permissions are called."""

from __future__ import annotations

from myco_browser.domain.site_settings import Permission
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
