"""Weights to begin from: downloaded, or read from a file of ours or of others."""
