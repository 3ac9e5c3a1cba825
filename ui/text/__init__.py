"""Every word that the pages show."""
