"""Tandem's search behind the interfaces of other libraries."""
