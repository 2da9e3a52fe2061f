"""Beginning from what another training has learnt."""

from pathlib import Path

from torch import nn

from cnngui.engine import modelfile
from cnngui.errors import RequestError


def begin_from(path: Path, model: str, classes: tuple[str, ...], network: nn.Module) -> None:
    """Give `network` the weights of the model file at `path`.

    With the same classes all of them; with others all but the last layer's, which is made for the classes.
    Raises RequestError where the file is of another network or cannot be used.
    """
    header, state = modelfile.load(path)
    if header.architecture != model:
        raise RequestError(f"{path} holds a {header.architecture}, not a {model}: choose --model to fit it.")
    own = network.state_dict()
    # The last layer's weight and bias come last in every network here.
    head = set(list(own)[-2:]) if header.classes != classes else set()
    state = {name: tensor for name, tensor in state.items() if name not in head}
    fits = own.keys() - head == state.keys() and all(own[name].shape == state[name].shape for name in state)
    if not fits:
        raise RequestError(f"{path} is damaged: its weights do not fit {model}.")
    network.load_state_dict(state, strict=False)
