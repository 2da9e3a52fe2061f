"""What the set-up says, and the one error it ends with."""


class SetupError(Exception):
    """The set-up cannot go on. Its text is one line: what, where, what to do."""


def tell(sentence: str) -> None:
    print(sentence, flush=True)
