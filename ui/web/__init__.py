"""What all pages share: the guard in front, the frame, the scripts."""
