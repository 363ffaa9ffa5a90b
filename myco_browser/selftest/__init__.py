"""The self-test: a browser of its own is led past servers of its own, and the servers judge.

Nothing of it reaches beyond this machine: the door of that browser knows only names that exist
nowhere else, and whatever else is asked for ends in a listener that counts. The user's own
sessions and their door have no part in it.
"""
