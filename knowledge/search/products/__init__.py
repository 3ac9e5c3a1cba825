"""Products: which one a title or a question names, and products that no manual is about."""
