"""Torture: long proofs that marks cannot be lost. They are no part of ``make test``."""
