"""Papers and digests as text for other programs."""
