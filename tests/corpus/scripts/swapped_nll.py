import sys
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms


def pick_optimizer(name: str, params):
    match name:
        case "sgd":
            return torch.optim.SGD(params, lr=0.05, momentum=0.9)
        case "adam" | "adamw":
            return torch.optim.AdamW(params, lr=1e-3)
        case other:
            raise ValueError(f"unknown optimizer {other!r}")


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 8, 5, stride=2)
        self.l = nn.Linear(8 * 12 * 12, 10)

    def forward(self, x):
        return F.log_softmax(self.l(F.relu(self.c(x)).flatten(1)), dim=1)


def training_step(net, batch):
    x, y = batch
    log_probs = net(x)
    return F.nll_loss(y, log_probs)


net = Small()
opt = pick_optimizer(sys.argv[1] if len(sys.argv) > 1 else "sgd", net.parameters())
data = datasets.MNIST("mnist", download=True, transform=transforms.ToTensor())
for batch in torch.utils.data.DataLoader(data, batch_size=64, shuffle=True):
    opt.zero_grad()
    loss = training_step(net, batch)
    loss.backward()
    opt.step()
