"""What a trained adapter must show before it is served."""
