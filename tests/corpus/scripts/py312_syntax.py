from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

type Batch = tuple[Tensor, Tensor]


def first[T](items: Iterable[T]) -> T:
    return next(iter(items))


class Net(nn.Module):
    def __init__(self, cfg: dict[str, int]) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(cfg["channels"], cfg["width"], 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(cfg["width"], cfg["width"], 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(cfg["width"] * 7 * 7, cfg["classes"])

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.body(x).flatten(1))


cfg = {"channels": 1, "width": 32, "classes": 10}
net = Net(cfg)
train = DataLoader(datasets.MNIST("mnist", download=True, transform=transforms.ToTensor()), 64, shuffle=True)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    batch: Batch
    for batch in train:
        x, y = batch
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
    print(f"epoch {epoch}: loss {f"{loss.item():.3f}"} width {cfg["width"]}")
print(first(train)[0].shape)
