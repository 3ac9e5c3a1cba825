"""Fine-tuned models and the server that runs them. Empty until a model server is connected."""
