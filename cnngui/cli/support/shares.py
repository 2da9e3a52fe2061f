"""Results of many processes, each of which did every n-th picture, brought into one order again."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from cnngui.engine.distributed import Team
from cnngui.files import cannot_write, prove_writable


@contextlib.contextmanager
def together(rows: Iterable[str], output: Path, team: Team) -> Iterator[Iterator[str]]:
    """Write this process's rows to a file beside `output`; once all have done so, the block gets the rows of
    all, one of each process in turn, which is the order that dealing them out in turn came from.

    Every process of the team has to call it, and must be able to see the folder of `output`. Raises
    RequestError when the file cannot be written.
    """
    if team.leads:
        prove_writable(output)
    parts = [_part(output, rank, team.size) for rank in range(team.size)]
    own = parts[team.rank]
    try:
        _write(own, rows)
        team.wait()
        yield _merged(parts)
        team.wait()  # nobody removes what the leader still reads
    except BaseException:
        for part in parts:  # a process that was killed left its own
            part.unlink(missing_ok=True)
        raise
    own.unlink()


def _part(output: Path, rank: int, size: int) -> Path:
    return output.with_name(f"{output.name}.part-{rank + 1}-of-{size}")


def _write(path: Path, rows: Iterable[str]) -> None:
    """One line for each row, whatever line ends it holds: a quoted cell of CSV may."""
    try:
        with path.open("w", encoding="ascii") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    except OSError as error:
        raise cannot_write(path, error) from error


def _merged(paths: Sequence[Path]) -> Iterator[str]:
    """All rows there are: after a stop the parts end at different places."""
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(path.open(encoding="ascii")) for path in paths]
        for line in chain.from_iterable(zip_longest(*files)):
            if line is not None:
                row: str = json.loads(line)
                yield row
