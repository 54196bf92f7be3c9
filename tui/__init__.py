"""The terminal: shows what storage knows and turns keys into calls."""
