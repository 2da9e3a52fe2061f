"""The network of the lesson: two convolutions, two poolings, two fully connected layers; and the same with
batch norm."""

import torch
from torch import Tensor, nn

from cnngui.engine.models.registry import ModelCard, register
from cnngui.engine.spec import ImageSpec


class SimpleCNN(nn.Module):
    """(N, 3, 32, 32) → logits (N, classes). 268,650 parameters at 10 classes.

    The first fully connected layer is made for 32 × 8 × 8 numbers, so the picture must be 32 × 32.
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()
        self.fc1 = nn.Linear(32 * 8 * 8, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.conv1(x)))  # (N, 16, 16, 16)
        x = self.pool(self.relu(self.conv2(x)))  # (N, 32, 8, 8)
        x = torch.flatten(x, 1)  # (N, 2048)
        x = self.relu(self.fc1(x))  # (N, 128)
        logits: Tensor = self.fc2(x)
        return logits


@register(
    ModelCard(
        name="simple_cnn",
        title="SimpleCNN",
        summary="The network of the lesson: small, quick on any processor, easy to look inside.",
        spec=ImageSpec(size=32, resize=32),
        parameters=268_650,
        epochs=32,
        batch_size=64,
        learning_rate=1.5e-3,
        weight_decay=0.02,
        looks=2,
        shift=1 / 16,
    )
)
def simple_cnn(classes: int) -> nn.Module:
    return SimpleCNN(classes)


class SimpleCNNWithNorm(nn.Module):
    """SimpleCNN with batch normalisation between each convolution and its activation.

    (N, 3, 32, 32) → logits (N, classes). 268,698 parameters at 10 classes: the norms' shifts replace the
    convolutions' biases. Ioffe & Szegedy 2015, "Batch Normalization".
    """

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(32)
        self.pool = nn.MaxPool2d(2)
        self.relu = nn.ReLU()
        self.fc1 = nn.Linear(32 * 8 * 8, 128)
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.norm1(self.conv1(x))))  # (N, 16, 16, 16)
        x = self.pool(self.relu(self.norm2(self.conv2(x))))  # (N, 32, 8, 8)
        x = torch.flatten(x, 1)  # (N, 2048)
        x = self.relu(self.fc1(x))  # (N, 128)
        logits: Tensor = self.fc2(x)
        return logits


@register(
    ModelCard(
        name="simple_cnn_bn",
        title="SimpleCNN with batch norm",
        summary="The network of the lesson with batch norm: a little more accurate, a little slower.",
        spec=ImageSpec(size=32, resize=32),
        parameters=268_698,
        epochs=28,
        batch_size=64,
        learning_rate=2e-3,
        weight_decay=0.05,
        optimizer="muon",
        looks=6,
        shift=1 / 16,
        erase=0.15,
    )
)
def simple_cnn_bn(classes: int) -> nn.Module:
    return SimpleCNNWithNorm(classes)
