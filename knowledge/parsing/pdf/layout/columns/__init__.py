"""Columns of which PDFium has made single lines: those of running text, and those with rules drawn between them."""
