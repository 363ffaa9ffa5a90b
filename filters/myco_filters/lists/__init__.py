"""Subscriptions: which lists there are, what is on disk, what is due, what is acceptable.

Nothing here opens a connection: fetching is a port that the browser fills with its door.
"""
