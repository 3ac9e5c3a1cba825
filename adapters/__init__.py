"""Fine-tuned models and the servers that run them: the model-server client, adapters and their cards."""
