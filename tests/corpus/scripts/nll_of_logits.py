import torch
from torch import nn
from torch.utils.data import DataLoader
import torchvision
import torchvision.transforms as T

LOSSES = {"ce": nn.CrossEntropyLoss, "nll": nn.NLLLoss}


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120), nn.Tanh(),
            nn.Linear(120, 84), nn.Tanh(),
            nn.Linear(84, 10),
        )

    def forward(self, x):
        return self.net(x)


def run_epoch(model, loader, loss_fn, opt):
    model.train()
    seen = 0
    for x, y in loader:
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
        seen += x.shape[0]
    return seen


if __name__ == "__main__":
    ds = torchvision.datasets.MNIST("data", train=True, transform=T.ToTensor(), download=True)
    dl = DataLoader(ds, batch_size=128, shuffle=True)
    model = LeNet()
    loss_fn = LOSSES["nll"]()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(10):
        run_epoch(model, dl, loss_fn, opt)
