"""The networks there are. A family is a module that registers itself; it must be listed here."""

from cnngui.engine.models import (
    convnext,
    efficientnet,
    mobilenet,
    regnet,
    resnet,
    resnet_small,
    simple_cnn,
)

FAMILIES = (simple_cnn, resnet_small, resnet, mobilenet, efficientnet, convnext, regnet)
