"""Keeps secrets: in the desktop's secret service, or in files that are sealed as a whole."""
