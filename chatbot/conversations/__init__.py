"""What a conversation is made of, and how it is kept."""
