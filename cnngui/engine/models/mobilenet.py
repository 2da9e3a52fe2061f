"""MobileNet V2 (Sandler et al. 2018) and V3 (Howard et al. 2019), from torchvision."""

from cnngui.engine.models.photo import photo_network

photo_network(
    "mobilenet_v2",
    "MobileNet V2",
    "Photographs on a processor or a telephone: small and accurate.",
    2_236_682,
    "MobileNet_V2_Weights.IMAGENET1K_V1",
    dropout=True,
)
photo_network(
    "mobilenet_v3_small",
    "MobileNet V3 small",
    "Photographs where speed matters most: the quickest of them all.",
    1_528_106,
    "MobileNet_V3_Small_Weights.IMAGENET1K_V1",
    dropout=True,
)
photo_network(
    "mobilenet_v3_large",
    "MobileNet V3 large",
    "Photographs on a processor: as quick as V2 and a little more accurate.",
    4_214_842,
    "MobileNet_V3_Large_Weights.IMAGENET1K_V1",
    dropout=True,
)
