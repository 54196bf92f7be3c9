"""Marks of several devices: rows that can be joined in any order, and whose files lie in the folder."""
