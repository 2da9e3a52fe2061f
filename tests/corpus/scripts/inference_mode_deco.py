from typing import Iterator, Tuple
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def batches(train: bool, size: int = 128) -> Iterator[Tuple[Tensor, Tensor]]:
    ds = datasets.KMNIST("data", train=train, download=True, transform=transforms.ToTensor())
    yield from DataLoader(ds, batch_size=size, shuffle=train)


class Net(nn.Module):
    def __init__(self, p: float = 0.4) -> None:
        super().__init__()
        self.conv = nn.ModuleList([nn.Conv2d(a, b, 3, padding=1) for a, b in ((1, 16), (16, 32), (32, 64))])
        self.drop = nn.Dropout(p)
        self.fc = nn.Linear(64 * 3 * 3, 10)

    def forward(self, x: Tensor) -> Tensor:
        for c in self.conv:
            x = nn.functional.max_pool2d(c(x).relu(), 2)
        return self.fc(self.drop(x.flatten(1)))


@torch.inference_mode()
def accuracy(net: nn.Module) -> float:
    net.eval()
    right, seen = 0, 0
    for x, y in batches(train=False):
        right += (net(x).argmax(-1) == y).sum().item()
        seen += y.numel()
    return right / seen


net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
for epoch in range(5):
    net.train()
    for x, y in batches(train=True):
        loss = nn.functional.cross_entropy(net(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(f"{epoch=} {accuracy(net)=:.4f}")
