"""The manuals page."""
