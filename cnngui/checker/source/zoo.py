"""torchvision's classification networks by name: their parts, widths and heads.

Only what user code touches is built: the first convolution, the stages with their widths, and the
head with its real layers. Sizes follow torchvision's own definitions.
"""

from __future__ import annotations

from cnngui.checker.source.values import Layer, Spot, keyed

RESNETS = {
    "resnet18": 512, "resnet34": 512, "resnet50": 2048, "resnet101": 2048, "resnet152": 2048,
    "resnext50_32x4d": 2048, "resnext101_32x8d": 2048, "resnext101_64x4d": 2048, "wide_resnet50_2": 2048,
    "wide_resnet101_2": 2048,
}  # fmt: skip
DENSENETS = {"densenet121": 1024, "densenet161": 2208, "densenet169": 1664, "densenet201": 1920}
EFFICIENTNETS = {
    "efficientnet_b0": (1280, 0.2), "efficientnet_b1": (1280, 0.2), "efficientnet_b2": (1408, 0.3),
    "efficientnet_b3": (1536, 0.3), "efficientnet_b4": (1792, 0.4), "efficientnet_b5": (2048, 0.4),
    "efficientnet_b6": (2304, 0.5), "efficientnet_b7": (2560, 0.5), "efficientnet_v2_s": (1280, 0.2),
    "efficientnet_v2_m": (1280, 0.3), "efficientnet_v2_l": (1280, 0.4),
}  # fmt: skip
CONVNEXTS = {"convnext_tiny": 768, "convnext_small": 768, "convnext_base": 1024, "convnext_large": 1536}
SHUFFLENETS = dict.fromkeys(("shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "shufflenet_v2_x1_5"), 1024)
SHUFFLENETS["shufflenet_v2_x2_0"] = 2048
VITS = {"vit_b_16": (768, 16), "vit_b_32": (768, 32), "vit_l_16": (1024, 16), "vit_l_32": (1024, 32),
        "vit_h_14": (1280, 14)}  # fmt: skip
SWINS = {"swin_t": 768, "swin_s": 768, "swin_b": 1024, "swin_v2_t": 768, "swin_v2_s": 768, "swin_v2_b": 1024}
REGNETS = {
    "regnet_y_400mf": 440, "regnet_y_800mf": 784, "regnet_y_1_6gf": 888, "regnet_y_3_2gf": 1512,
    "regnet_y_8gf": 2016, "regnet_y_16gf": 3024, "regnet_y_32gf": 3712, "regnet_y_128gf": 7392,
    "regnet_x_400mf": 400, "regnet_x_800mf": 672, "regnet_x_1_6gf": 912, "regnet_x_3_2gf": 1008,
    "regnet_x_8gf": 1920, "regnet_x_16gf": 2048, "regnet_x_32gf": 2520,
}  # fmt: skip


class Builder:
    """Makes the parts of one network, all at one place and with one memory of being pretrained."""

    def __init__(self, name: str, at: Spot, pretrained: bool | None, classes: int) -> None:
        self.name, self.at, self.pretrained, self.classes = name, at, pretrained, classes
        self.features: int | None = None

    def layer(self, kind: str, **config: object) -> Layer:
        state: dict[object, object] = {"frozen": False, "pretrained": self.pretrained}
        return Layer(kind, keyed(config), {}, state, self.at)

    def group(self, *children: Layer) -> Layer:
        made = Layer("Sequential", {}, {}, {"pretrained": self.pretrained}, self.at)
        made.children.update((str(index), child) for index, child in enumerate(children))
        return made

    def conv(
        self, given: int, gives: int, kernel: int, stride: int = 1, padding: int = 0, *, bias: bool = False
    ) -> Layer:
        return self.layer("Conv2d", in_channels=given, out_channels=gives, kernel_size=kernel, stride=stride,
                          padding=padding, dilation=1, groups=1, bias=bias)  # fmt: skip

    def linear(self, given: int, gives: int) -> Layer:
        self.features = self.features or given
        return self.layer("Linear", in_features=given, out_features=gives, bias=True)

    def stage(self, given: int | None, gives: int, stride: int) -> Layer:
        return self.layer("Stage", given=given, gives=gives, stride=stride)

    def pool(self, size: int = 1) -> Layer:
        return self.layer("AdaptiveAvgPool2d", output_size=(size, size))

    def dropout(self, share: float) -> Layer:
        return self.layer("Dropout", p=share)

    def network(self, stem: int, **children: Layer) -> Layer:
        state: dict[object, object] = {"pretrained": self.pretrained, "frozen": False}
        config: dict[object, object] = {
            "name": self.name,
            "given": 3,
            "stem": stem,
            "features": self.features,
        }
        return Layer("tv", config, keyed(children), state, self.at)


def _resnet(b: Builder) -> Layer:
    width = RESNETS[b.name]
    first = width // 8
    return b.network(
        32,
        conv1=b.conv(3, 64, 7, 2, 3),
        bn1=b.layer("BatchNorm2d", num_features=64),
        relu=b.layer("ReLU"),
        maxpool=b.layer("MaxPool2d", kernel_size=3, stride=2, padding=1, dilation=1),
        layer1=b.group(b.stage(64, first, 1)),
        layer2=b.group(b.stage(first, first * 2, 2)),
        layer3=b.group(b.stage(first * 2, first * 4, 2)),
        layer4=b.group(b.stage(first * 4, width, 2)),
        avgpool=b.pool(),
        fc=b.linear(width, b.classes),
    )


def _vgg_like(b: Builder) -> Layer:
    if b.name == "alexnet":
        features = b.group(b.conv(3, 64, 11, 4, 2, bias=True), b.stage(64, 256, 8))
        head = [b.dropout(0.5), b.linear(256 * 36, 4096), b.layer("ReLU"), b.dropout(0.5), b.linear(4096,
            4096),
                b.layer("ReLU"), b.linear(4096, b.classes)]  # fmt: skip
        return b.network(63, features=features, avgpool=b.pool(6), classifier=b.group(*head))
    features = b.group(b.conv(3, 64, 3, 1, 1, bias=True), b.stage(64, 512, 32))
    head = [b.linear(512 * 49, 4096), b.layer("ReLU"), b.dropout(0.5), b.linear(4096, 4096), b.layer("ReLU"),
            b.dropout(0.5), b.linear(4096, b.classes)]  # fmt: skip
    return b.network(32, features=features, avgpool=b.pool(7), classifier=b.group(*head))


def _densenet(b: Builder) -> Layer:
    first = 96 if b.name == "densenet161" else 64
    features = Layer("Sequential", {}, {}, {"pretrained": b.pretrained}, b.at)
    features.children.update(conv0=b.conv(3, first, 7, 2, 3), blocks=b.stage(first, DENSENETS[b.name], 16))
    return b.network(29, features=features, classifier=b.linear(DENSENETS[b.name], b.classes))


def _mobile(b: Builder) -> Layer:
    if b.name == "mobilenet_v2":
        features = b.group(b.group(b.conv(3, 32, 3, 2, 1)), b.stage(32, 1280, 16))
        return b.network(32, features=features, classifier=b.group(b.dropout(0.2), b.linear(1280, b.classes)))
    large = b.name.endswith("large")
    given, hidden = (960, 1280) if large else (576, 1024)
    features = b.group(b.group(b.conv(3, 16, 3, 2, 1)), b.stage(16, given, 16))
    head = b.group(b.linear(given, hidden), b.layer("Hardswish"), b.dropout(0.2), b.linear(hidden, b.classes))
    return b.network(32, features=features, avgpool=b.pool(), classifier=head)


def _efficientnet(b: Builder) -> Layer:
    width, share = EFFICIENTNETS[b.name]
    features = b.group(b.group(b.conv(3, 32, 3, 2, 1)), b.stage(32, width, 16))
    return b.network(
        32,
        features=features,
        avgpool=b.pool(),
        classifier=b.group(b.dropout(share), b.linear(width, b.classes)),
    )


def _convnext(b: Builder) -> Layer:
    width = CONVNEXTS[b.name]
    features = b.group(b.group(b.conv(3, 96, 4, 4, bias=True)), b.stage(96, width, 8))
    head = b.group(b.layer("LayerNorm", normalized_shape=width), b.layer("Flatten", start_dim=1, end_dim=-1),
                   b.linear(width, b.classes))  # fmt: skip
    return b.network(32, features=features, avgpool=b.pool(), classifier=head)


def _squeezenet(b: Builder) -> Layer:
    b.features = 512
    features = b.group(b.conv(3, 96 if b.name.endswith("1_0") else 64, 3, 2, bias=True), b.stage(64, 512, 8))
    head = b.group(b.dropout(0.5), b.conv(512, b.classes, 1, bias=True), b.layer("ReLU"), b.pool())
    return b.network(17, features=features, classifier=head)


def _vit(b: Builder) -> Layer:
    width, patch = VITS[b.name]
    heads = Layer("Sequential", {}, {"head": b.linear(width, b.classes)}, {"pretrained": b.pretrained}, b.at)
    return b.network(
        0, conv_proj=b.conv(3, width, patch, patch, bias=True), encoder=b.stage(width, width, 1), heads=heads
    )


def build(name: str, at: Spot, pretrained: bool | None, classes: int = 1000) -> Layer | None:
    """The network of that name, or None if it is not in the tables."""
    b = Builder(name, at, pretrained, classes)
    if name in RESNETS:
        return _resnet(b)
    if name == "alexnet" or name.startswith("vgg"):
        return _vgg_like(b)
    if name in DENSENETS:
        return _densenet(b)
    if name.startswith("mobilenet_v"):
        return _mobile(b)
    if name in EFFICIENTNETS:
        return _efficientnet(b)
    if name in CONVNEXTS:
        return _convnext(b)
    if name.startswith("squeezenet1_"):
        return _squeezenet(b)
    if name in VITS:
        return _vit(b)
    return _simple(b)


def _simple(b: Builder) -> Layer | None:
    """Networks of which user code touches the head alone."""
    heads = [(SHUFFLENETS, "fc"), (SWINS, "head"), (REGNETS, "fc")]
    for table, head_name in heads:
        if b.name in table:
            width = table[b.name]
            return b.network(32, body=b.stage(3, width, 32), **{head_name: b.linear(width, b.classes)})
    if b.name == "googlenet":
        return b.network(15, body=b.stage(3, 1024, 32), dropout=b.dropout(0.2), fc=b.linear(1024, b.classes))
    if b.name == "inception_v3":
        b.features = 2048
        aux = Layer("Sequential", {}, {"fc": b.linear(768, b.classes)}, {"pretrained": b.pretrained}, b.at)
        return b.network(
            75, body=b.stage(3, 2048, 32), AuxLogits=aux, dropout=b.dropout(0.5), fc=b.linear(2048, b.classes)
        )
    if b.name.startswith("mnasnet"):
        head = b.group(b.dropout(0.2), b.linear(1280, b.classes))
        return b.network(32, layers=b.stage(3, 1280, 32), classifier=head)
    return None
