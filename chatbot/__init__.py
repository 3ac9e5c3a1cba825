"""Questions in, cited answers out. Knows nothing of Gradio."""
