"""Running Tandem: its parts put together on a data folder, and what is wrong with them."""
