"""Where torchvision's published weights are."""


def address(name: str) -> str:
    """The URL of the weights that torchvision calls `name`, such as "ResNet18_Weights.IMAGENET1K_V1"."""
    from torchvision import models

    url: str = models.get_weight(name).url
    return url
