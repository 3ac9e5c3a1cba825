"""Case files, and the figures made of them."""
