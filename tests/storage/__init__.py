"""Tests of the storage half."""
