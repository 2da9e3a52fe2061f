"""Where other libraries call a network's tensors differently."""

import re
from collections.abc import Mapping

from torch import Tensor

_WRAPPERS = ("module.", "_orig_mod.", "model.")
"""What data-parallel training, torch.compile and training frameworks put before every name."""

# timm's MobileNets and EfficientNets number their blocks by stage, torchvision's by place: there only a table
# per network would be certain, and a guess that fits by shape alone can swap two layers.
_TIMM_CONVNEXT = (
    (r"^stem\.(\d+)\.(\w+)$", r"features.0.\1.\2"),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.gamma$", r"features.{stage}.\2.layer_scale"),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.conv_dw\.(\w+)$", r"features.{stage}.\2.block.0.\3"),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.norm\.(\w+)$", r"features.{stage}.\2.block.2.\3"),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.mlp\.fc1\.(\w+)$", r"features.{stage}.\2.block.3.\3"),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.mlp\.fc2\.(\w+)$", r"features.{stage}.\2.block.5.\3"),
    (r"^stages\.(\d+)\.downsample\.(\d+)\.(\w+)$", r"features.{before}.\2.\3"),
    (r"^head\.norm\.(\w+)$", r"classifier.0.\1"),
    (r"^head\.fc\.(\w+)$", r"classifier.2.\1"),
)


def unwrapped(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Without what wrappers put before every name."""
    plain = dict(tensors)
    for prefix in _WRAPPERS:
        if plain and all(name.startswith(prefix) for name in plain):
            plain = {name.removeprefix(prefix): tensor for name, tensor in plain.items()}
    return plain


def torchvisions(tensors: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`tensors` under the names of `own`, where timm's names are known for certain; shapes included.

    timm's ResNets are called as torchvision's. Of ConvNeXt the names are translated one by one, and
    layer scale, a vector there, gets the shape that torchvision gives it.
    """
    if "stem.0.weight" not in tensors or "features.0.0.weight" not in own:
        return dict(tensors)
    found = {}
    for name, tensor in tensors.items():
        ours = _translated(name)
        if ours in own and tensor.numel() == own[ours].numel() and ours.endswith("layer_scale"):
            tensor = tensor.reshape(own[ours].shape)
        found[ours] = tensor
    return found


def _translated(name: str) -> str:
    for pattern, words in _TIMM_CONVNEXT:
        match = re.match(pattern, name)
        if match:
            stage = int(match[1]) if match[1].isdecimal() else 0
            ours = words.replace("{stage}", str(2 * stage + 1)).replace("{before}", str(2 * stage))
            return match.expand(ours)
    return name
