"""Benchmarks: speed as ratios in one run, since machines differ and drift."""
