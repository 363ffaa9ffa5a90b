"""A session process: the composition root, on top of all layers."""
