"""RegNet (Radosavovic et al. 2020, "Designing Network Design Spaces"), from torchvision."""

from cnngui.engine.models.photo import photo_network

photo_network(
    "regnet_y_400mf",
    "RegNet Y 400MF",
    "Photographs: between a MobileNet and a ResNet in size, accuracy and speed.",
    3_907_554,
    "RegNet_Y_400MF_Weights.IMAGENET1K_V1",
)
