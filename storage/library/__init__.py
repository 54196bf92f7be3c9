"""The library: a catalogue of all papers of all documents, derived from them at any time."""
