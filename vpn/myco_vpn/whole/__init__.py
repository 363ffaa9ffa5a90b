"""A tunnel for the whole computer: a small privileged helper with verbs, and who asks it."""
