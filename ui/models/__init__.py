"""The page of models: what is served, the adapters beside each other, their trainings, promote and go back."""
