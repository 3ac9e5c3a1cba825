"""The data folder: the database, the uploaded files, what can be wrong with them."""
