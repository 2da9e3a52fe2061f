"""What torchvision's networks have in common: how they are built and the pictures they were taught with.

torchvision is imported only when one is built.
"""

from torch import nn

from cnngui.engine import from_torchvision
from cnngui.engine.models.registry import ModelCard, register
from cnngui.engine.spec import ImageSpec


def photo_network(
    name: str,
    title: str,
    summary: str,
    parameters: int,
    published: str,
    *,
    spec: ImageSpec | None = None,
    smallest: int = 32,
    dropout: bool = False,
) -> None:
    """Enter torchvision's network `name`, with a last layer of as many outputs as there are classes.

    `published` names its weights as `torchvision.models.get_weight` takes them; `spec` is their preset. Of
    several sets of weights the first one is taken: those of the later recipe, with label smoothing and
    weight averaging, score higher on ImageNet, but frozen features of plainly trained networks are better
    for other pictures (Kornblith et al. 2019, "Do Better ImageNet Models Transfer Better?").
    """

    @register(
        ModelCard(
            name=name,
            title=title,
            summary=summary,
            spec=spec or ImageSpec(size=224, resize=256),
            smallest=smallest,
            parameters=parameters,
            epochs=12,
            batch_size=32,
            learning_rate=1e-3,
            weight_decay=0.05,
            published=published,
            dropout=dropout,
        )
    )
    def build(classes: int) -> nn.Module:
        network: nn.Module = from_torchvision.models().get_model(name, weights=None, num_classes=classes)
        return network
