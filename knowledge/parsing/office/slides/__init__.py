"""What a PowerPoint file shows on its slides."""
