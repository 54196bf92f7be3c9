"""Tests of the terminal half."""
