"""RTF files as web pages: their tokens, their paragraphs and tables, and the reader."""
