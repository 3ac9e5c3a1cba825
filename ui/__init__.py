"""The pages in the browser. Gradio lives here and nowhere else."""
