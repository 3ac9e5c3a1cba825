"""The demonstration adapter on a real small base, and what it is taught of a sample manual."""

# Its name in Tandem, and its model's on the server.
NAME, MODEL = "aurora-x200", "tandem-aurora-x200"
