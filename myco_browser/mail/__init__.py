"""The mail client behind the sidebar (not built yet)."""
