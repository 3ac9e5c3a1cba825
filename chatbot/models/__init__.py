"""Who can write an answer at this moment, and what it is told."""
