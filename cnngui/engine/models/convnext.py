"""ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s"), from torchvision."""

from cnngui.engine.models.photo import photo_network
from cnngui.engine.spec import ImageSpec

photo_network(
    "convnext_tiny",
    "ConvNeXt tiny",
    "Photographs: very accurate for its size; wants a graphics card.",
    27_827_818,
    "ConvNeXt_Tiny_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=224, resize=236),
)
