"""The user's exits: named WireGuard configurations, and their keys in safe keeping."""
