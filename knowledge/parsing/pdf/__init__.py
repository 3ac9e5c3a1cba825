"""PDF files: text with its offsets, lines, blocks, headings."""
