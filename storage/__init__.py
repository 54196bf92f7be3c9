"""What is on disk and what can be known from it; works without a terminal."""
