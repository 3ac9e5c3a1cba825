"""Trains LoRA adapters on pairs of question and answer, in a process of its own. Knows no manuals and no server's address."""
