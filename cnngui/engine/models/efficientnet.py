"""EfficientNet (Tan & Le 2019) and EfficientNet V2 (Tan & Le 2021), from torchvision."""

from cnngui.engine.models.photo import photo_network
from cnngui.engine.spec import ImageSpec

photo_network(
    "efficientnet_b0",
    "EfficientNet B0",
    "Photographs: more accurate than a MobileNet, about half as quick.",
    4_020_358,
    "EfficientNet_B0_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=224, resize=256, scaling="bicubic"),
    dropout=True,
)
photo_network(
    "efficientnet_b1",
    "EfficientNet B1",
    "Photographs with small details: sees 240 pixels.",
    6_525_994,
    "EfficientNet_B1_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=240, resize=256, scaling="bicubic"),
    dropout=True,
)
photo_network(
    "efficientnet_b2",
    "EfficientNet B2",
    "Photographs with small details: sees 288 pixels; wants a graphics card.",
    7_715_084,
    "EfficientNet_B2_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=288, resize=288, scaling="bicubic"),
    dropout=True,
)
photo_network(
    "efficientnet_b3",
    "EfficientNet B3",
    "Photographs with small details: sees 300 pixels; wants a graphics card.",
    10_711_602,
    "EfficientNet_B3_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=300, resize=320, scaling="bicubic"),
    dropout=True,
)
photo_network(
    "efficientnet_v2_s",
    "EfficientNet V2 small",
    "Photographs with small details: sees 384 pixels, the most accurate here; wants a graphics card.",
    20_190_298,
    "EfficientNet_V2_S_Weights.IMAGENET1K_V1",
    spec=ImageSpec(size=384, resize=384),
    smallest=33,
    dropout=True,
)
