import torch
from torch import nn
import torch.nn.functional as F


class TwoHeads(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )
        self.heads = {name: nn.Linear(32, n) for name, n in sizes.items()}

    def forward(self, x):
        z = self.trunk(x)
        return {name: head(z) for name, head in self.heads.items()}


model = TwoHeads({"colour": 4, "shape": 3})
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
x = torch.rand(6, 3, 64, 64)
targets = {"colour": torch.randint(4, (6,)), "shape": torch.randint(3, (6,))}
for _ in range(10):
    opt.zero_grad()
    out = model(x)
    loss = sum(F.cross_entropy(out[k], targets[k]) for k in targets)
    loss.backward()
    opt.step()
