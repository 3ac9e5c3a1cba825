"""An answer once its route is known: written by a model, quoted, or declined."""
