"""Fetching the sources that do not lie on this machine: what, when, and what came of it."""
