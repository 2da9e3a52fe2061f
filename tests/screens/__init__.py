"""Every state of every page, for people to look at: python -m tests.screens OUTDIR [NAME]"""
