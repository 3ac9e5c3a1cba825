"""Model servers: the client, its deadlines and errors, the queue in front of it."""
