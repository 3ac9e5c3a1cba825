"""From an accepted upload to a searchable manual."""
