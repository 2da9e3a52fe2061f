"""Files that no rule can speak of are not followed; whatever might train or hold a network is."""

import ast

import pytest

from cnngui.checker.source.topic import about_networks


@pytest.mark.parametrize(
    "text",
    [
        "import torch",
        "from torchvision.transforms import v2",
        "import lightning.pytorch as pl",
        "def make():\n    import timm",
        "x = nn.Linear(3, 2)",
        "import json\nfrom mine import *\ny = F.softmax(x, 0)",
        "def train(loader):\n    for x in loader:\n        loss(x).backward()",
        "from mynets import build\nmodel = build()\nmodel(1)",
        "class Engine:\n    def run(self, x):\n        return self.model(x)",
    ],
)
def test_followed(text: str) -> None:
    assert about_networks(ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nx = np.zeros((3, 4))",
        "from . import torch_like\nfrom .nn import Linear",
        "from typing import TypeVar\nT = TypeVar('T')\ndef first(items: list[T]) -> T: return items[0]",
        "import functional as F\nF.compose(1)",
        "def datasets(models):\n    return [models for models in models]\ndatasets([])",
    ],
)
def test_left_alone(text: str) -> None:
    assert not about_networks(ast.parse(text))
