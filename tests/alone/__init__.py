"""What keeps tests, and the programs that they start, on this machine."""
