"""The page on which an admin approves answers, how agents propose them, and the training data that is made of them."""
