"""The file client behind the sidebar (not built yet)."""
