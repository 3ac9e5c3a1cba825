"""Words out of pictures by tesseract: which, where they stand, and how sure it is of them."""
