"""Keeping what the team knows in order: what agents did not get, and what a new version of a manual does to it."""
