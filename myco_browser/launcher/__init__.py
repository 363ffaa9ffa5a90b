"""The launcher: starts the door and the sessions, watches them, ends with the last session.

It loads no Qt. `instance` decides which launcher runs for a profile and is light; the rest is only
imported by the one that stays.
"""
