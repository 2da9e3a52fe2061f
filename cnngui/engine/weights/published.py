"""Where torchvision's published weights are."""

from cnngui.engine import from_torchvision


def address(name: str) -> str:
    """The URL of the weights that torchvision calls `name`, such as "ResNet18_Weights.IMAGENET1K_V1"."""
    url: str = from_torchvision.models().get_weight(name).url
    return url
