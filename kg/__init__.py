"""The domain: what is known, from which sentence of which paper."""
