"""WireGuard's own words: keys, configurations, the protocol of its user-space programs."""
