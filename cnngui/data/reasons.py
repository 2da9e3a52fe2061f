"""What the operating system says, in words that can stand in a sentence."""


def said(error: Exception) -> str:
    """The error's own words, without number and path: "Permission denied"."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
