"""The search engines, behind one interface."""
