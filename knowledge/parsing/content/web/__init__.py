"""What the markup of a web page says beside its words: its frame, its hidden parts, tabs, icons."""
