"""Pairs to train adapters on, made from approved answers and from what the manuals say."""
