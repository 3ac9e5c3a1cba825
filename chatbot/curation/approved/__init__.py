"""Answers that an admin has approved: proposed, tied to their passages, given first while these are current."""
