"""The panel that shows where a quote stands."""
