"""The sidebar of everyday windows: a rail of buttons, and beside it what they open."""
