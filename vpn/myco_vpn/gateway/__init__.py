"""What a cooperative runs on its own server: a WireGuard gateway for its members."""
