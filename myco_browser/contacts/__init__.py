"""Contacts: cards, and the servers that they lie on."""
