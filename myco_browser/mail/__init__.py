"""The mail clients: protocols and formats. Sockets are given to them, dialled by the door."""
