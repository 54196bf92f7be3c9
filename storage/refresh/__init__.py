"""Bringing a catalogue up to date with the documents it is made from."""
