"""The only place where the Qt thread and other threads or processes meet."""
