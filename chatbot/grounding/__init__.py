"""Sentences held against the manuals: verified, cited, or said to be unsupported."""
