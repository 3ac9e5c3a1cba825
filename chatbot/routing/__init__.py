"""Which way a question takes, and what it means after the ones before."""
