"""ResNet (He et al. 2015, "Deep Residual Learning for Image Recognition"), from torchvision."""

from cnngui.engine.models.photo import photo_network

photo_network(
    "resnet18",
    "ResNet-18",
    "Photographs: plain and dependable, quick on a graphics card.",
    11_181_642,
    "ResNet18_Weights.IMAGENET1K_V1",
)
photo_network(
    "resnet34",
    "ResNet-34",
    "Photographs: a deeper ResNet-18, twice the work.",
    21_289_802,
    "ResNet34_Weights.IMAGENET1K_V1",
)
photo_network(
    "resnet50",
    "ResNet-50",
    "Photographs: the network that others are measured against; wants a graphics card.",
    23_528_522,
    "ResNet50_Weights.IMAGENET1K_V1",
)
