"""What formats share: tables, formulas, small type, the frame of web pages; and small formats: CSV, JSON, mail."""
