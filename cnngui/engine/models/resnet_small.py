"""A compact residual network with batch normalisation for pictures of 32 to 64 pixels."""

from torch import Tensor, nn

from cnngui.engine.models.registry import ModelCard, register
from cnngui.engine.spec import ImageSpec

# Skip connections let the gradient pass a block unchanged (He et al. 2015, "Deep Residual Learning
# for Image Recognition"). Pooling behind a widening convolution, with residual pairs at 16 × 16 and
# 4 × 4 only, spends the arithmetic where a small picture has something to show.
WIDTHS = (32, 64, 128, 256)


def conv_norm_relu(channels: int, out: int) -> nn.Sequential:
    """3 × 3 convolution at the same size, batch norm, ReLU. No bias: the norm's shift replaces it."""
    return nn.Sequential(
        nn.Conv2d(channels, out, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """x + two convolutions of x, both with the same number of channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(conv_norm_relu(channels, channels), conv_norm_relu(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.block(x)
        return out


class ResNetSmall(nn.Module):
    """(N, 3, S, S) → logits (N, classes), for any S of at least 8; made for 32 to 64."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        stem, low, middle, high = WIDTHS
        self.features = nn.Sequential(
            conv_norm_relu(3, stem),
            conv_norm_relu(stem, low),
            nn.MaxPool2d(2),
            Residual(low),
            conv_norm_relu(low, middle),
            nn.MaxPool2d(2),
            Residual(middle),
            conv_norm_relu(middle, high),
            nn.MaxPool2d(2),
            Residual(high),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(high, classes)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.flatten(self.pool(self.features(x))))
        return logits


@register(
    ModelCard(
        name="resnet_small",
        title="ResNet small",
        summary="Residual blocks and batch norm, for pictures of 32 to 64 pixels: accurate, slower to train.",
        spec=ImageSpec(size=32, resize=32),
        smallest=16,
        any_size=True,
        parameters=1_941_546,
        epochs=20,
        batch_size=128,
        learning_rate=4e-3,
        weight_decay=0.1,
        mirrored=True,
        erase=0.375,
    )
)
def resnet_small(classes: int) -> nn.Module:
    return ResNetSmall(classes)
