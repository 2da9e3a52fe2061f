import argparse
import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms


class FocalLoss(nn.Module):
    def __init__(self, gamma=2.0, weight=None):
        super().__init__()
        self.gamma = gamma
        self.weight = weight

    def forward(self, logits, target):
        log_p = F.log_softmax(logits, dim=1)
        ce = F.nll_loss(log_p, target, weight=self.weight, reduction="none")
        p_t = log_p.gather(1, target[:, None]).squeeze(1).exp()
        return ((1 - p_t) ** self.gamma * ce).mean()


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--loss", choices=["focal", "hinge"], default="focal")
    ap.add_argument("--gamma", type=float, default=2.0)
    ap.add_argument("--epochs", type=int, default=3)
    args = ap.parse_args(argv)
    criterion = FocalLoss(args.gamma) if args.loss == "focal" else nn.MultiMarginLoss()
    net = nn.Sequential(
        nn.Conv2d(1, 32, 5, 2), nn.ReLU(), nn.Conv2d(32, 64, 5, 2), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 16, 47))
    data = datasets.EMNIST("emnist", split="balanced", train=True, download=True, transform=transforms.ToTensor())
    loader = torch.utils.data.DataLoader(data, batch_size=128, shuffle=True)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(args.epochs):
        for x, y in loader:
            opt.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            opt.step()
        print(epoch, loss.item())


main([])
