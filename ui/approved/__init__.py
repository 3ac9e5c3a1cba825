"""The page on which an admin approves answers, and how agents propose them."""
