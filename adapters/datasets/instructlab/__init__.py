"""InstructLab's taxonomy, schema version 3: pairs to a tree, and back without loss."""
