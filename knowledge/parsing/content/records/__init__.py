"""Files of records: rows of CSV, questions and answers of JSON."""
