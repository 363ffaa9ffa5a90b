"""The client behind the sidebar's files: WebDAV, and what Nextcloud adds to it. No Qt."""
