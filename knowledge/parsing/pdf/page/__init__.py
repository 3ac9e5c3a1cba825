"""What there is on one page: its characters as PDFium tells them, filled-in fields, lists of contents, what nobody sees."""
