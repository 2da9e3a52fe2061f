"""Activations that work in place although their gradient needs what they were given.

In place, PyTorch makes a copy of that first: the memory that working in place should save is taken by the
copy, and so is the time. A step of MobileNet V3 small takes 2 % less without, one of EfficientNet B0 4 %
(2 cores, bfloat16, 32 pictures). ReLU's gradient needs only what it gave.
"""

from torch import nn

from cnngui.engine.models import registry


def not_in_place(network: nn.Module) -> None:
    """Let these activations of `network` leave what they are given as it is, where it is one of which that is
    known to change no number."""
    if registry.plain(network):
        for layer in network.modules():
            if isinstance(layer, nn.Hardswish | nn.SiLU):
                layer.inplace = False
