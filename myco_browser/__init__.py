"""Myco Browser."""

__version__ = "0.1.0"
