"""What PDFium tells of one page: its characters, what stands in fields, and what cannot be read or seen."""
