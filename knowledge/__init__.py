"""Manuals in, evidence out: reading, splitting, indexing and searching. Knows nothing of chat, models or pages."""
