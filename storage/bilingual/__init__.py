"""Pure knowledge of bilingual text: how it is set, broken into lines and read."""

TEX_SIGNS = ("\\", "$", "`", "''", "--", "~")
"""A text without any of these holds no LaTeX, and the converter need not be loaded for it."""
