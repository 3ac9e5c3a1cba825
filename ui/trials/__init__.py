"""Blind comparisons on the pages: two answers side by side, the vote, and what the votes say."""
