"""Signing in: who a browser is, what it may open, its own account page. What a person is stands in ``chatbot.accounts``."""
