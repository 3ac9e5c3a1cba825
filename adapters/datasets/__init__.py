"""What adapters are trained on."""
