"""The tunnel: what it should do (pure), and the processes that do it."""
