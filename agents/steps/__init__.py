"""Small steps of agents' work, as functions over plain values."""
