"""Draws the README's pictures from real terminal cells (``make screenshots``)."""
