"""Reads pairs in the forms that other tools write them in."""
