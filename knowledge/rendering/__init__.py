"""Pages as people see them: images, and the boxes that mark a quotation."""
