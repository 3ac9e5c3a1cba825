"""Manuals over time: what is a version of what, what changed, what became of a citation."""
