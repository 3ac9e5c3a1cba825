"""What a PDF page looks like: its columns and tables, found among the lines that PDFium makes."""
