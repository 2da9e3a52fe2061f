"""Names a pasted fragment uses without importing them: what everybody means by ``nn`` and ``F``."""

from __future__ import annotations

from cnngui.checker.source.values import Lib, Unknown

USUAL = {
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "optim": "torch.optim",
    "torchvision": "torchvision",
    "transforms": "torchvision.transforms",
    "T": "torchvision.transforms",
    "v2": "torchvision.transforms.v2",
    "datasets": "torchvision.datasets",
    "models": "torchvision.models",
    "DataLoader": "torch.utils.data.DataLoader",
    "Dataset": "torch.utils.data.Dataset",
    "TensorDataset": "torch.utils.data.TensorDataset",
    "Subset": "torch.utils.data.Subset",
    "random_split": "torch.utils.data.random_split",
    "np": "numpy",
    "plt": "matplotlib.pyplot",
    "Image": "PIL.Image",
    "tqdm": "tqdm.tqdm",
    "math": "math",
    "os": "os",
    "random": "random",
    "time": "time",
    "copy": "copy",
    "pl": "lightning",
    "L": "lightning",
    "autocast": "torch.amp.autocast",
    "GradScaler": "torch.amp.GradScaler",
    "ToTensor": "torchvision.transforms.ToTensor",
    "Normalize": "torchvision.transforms.Normalize",
    "Compose": "torchvision.transforms.Compose",
}


def value(name: str) -> object:
    """A name nothing in the file binds."""
    return Lib(USUAL[name]) if name in USUAL else Unknown(name)
