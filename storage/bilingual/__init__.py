"""Pure knowledge of bilingual text: how it is set, broken into lines and read."""

TEX_SIGNS = ("\\", "$", "`", "''", "--", "~")
"""A text without any of these holds no LaTeX, and the converter need not be loaded for it."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The Chinese characters of `storage.model.has_han`, for the brackets of a regular expression."""
