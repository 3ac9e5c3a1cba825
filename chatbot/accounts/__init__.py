"""People who may use a Tandem: who they are, what each may do, how they prove it. Knows nothing of pages."""
