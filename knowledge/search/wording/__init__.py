"""How the words of a question may be written otherwise: codes, compounds, misspellings."""
