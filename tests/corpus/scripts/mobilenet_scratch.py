import torch
import torch.nn as nn
from torchvision import datasets, transforms as T


class SepConv(nn.Module):
    """Depthwise 3x3 followed by pointwise 1x1; Xception puts nothing in between."""

    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.depthwise = nn.Conv2d(c_in, c_in, 3, stride, 1, groups=c_in, bias=False)
        self.pointwise = nn.Conv2d(c_in, c_out, 1, bias=False)
        self.norm = nn.BatchNorm2d(c_out)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.depthwise(x)
        x = self.pointwise(x)
        return self.act(self.norm(x))


class MiniXception(nn.Module):
    def __init__(self, num_classes=10, width=32):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True))
        self.blocks = nn.Sequential(
            SepConv(width, width * 2, 2),
            SepConv(width * 2, width * 4, 2),
            SepConv(width * 4, width * 4),
            SepConv(width * 4, width * 8, 2),
        )
        self.head = nn.Linear(width * 8, num_classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(x.mean(dim=(-2, -1)))


def loaders(bs=128):
    norm = T.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
    tr = datasets.CIFAR10("data", True, T.Compose([T.RandomHorizontalFlip(), T.ToTensor(), norm]), download=True)
    te = datasets.CIFAR10("data", False, T.Compose([T.ToTensor(), norm]), download=True)
    return (torch.utils.data.DataLoader(tr, bs, shuffle=True, num_workers=2),
            torch.utils.data.DataLoader(te, 2 * bs, num_workers=2))


if __name__ == "__main__":
    train_dl, test_dl = loaders()
    net = MiniXception()
    opt = torch.optim.RMSprop(net.parameters(), lr=0.01, momentum=0.9, weight_decay=4e-5)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(10):
        net.train()
        for x, y in train_dl:
            opt.zero_grad()
            loss = loss_fn(net(x), y)
            loss.backward()
            opt.step()
        net.eval()
        with torch.no_grad():
            hit = sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl)
        print(f"{epoch}: {hit / len(test_dl.dataset):.4f}")
