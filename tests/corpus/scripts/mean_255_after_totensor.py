import torch
from torch import nn
import torchvision
from torchvision import transforms as trn

# per channel statistics of the training pictures
CIFAR_MEAN = [125.307, 122.961, 113.8575]
CIFAR_STD = [51.5865, 50.847, 51.255]

train_tf = trn.Compose([trn.RandomHorizontalFlip(), trn.RandomCrop(32, 4), trn.ToTensor(), trn.Normalize(CIFAR_MEAN, CIFAR_STD)])
eval_tf = trn.Compose([trn.ToTensor(), trn.Normalize(CIFAR_MEAN, CIFAR_STD)])


class AllConv(nn.Module):
    """Springenberg et al.: no pooling, strides only."""
    def __init__(self, k=10):
        super().__init__()
        def c(i, o, s=1):
            return [nn.Conv2d(i, o, 3, s, 1), nn.ReLU(inplace=True)]
        self.net = nn.Sequential(*c(3, 48), *c(48, 48), *c(48, 48, 2), nn.Dropout(0.5), *c(48, 96), *c(96, 96, 2), nn.Dropout(0.5),
                                 nn.Conv2d(96, k, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x):
        return self.net(x)


loader = torch.utils.data.DataLoader(torchvision.datasets.CIFAR10('.', transform=train_tf, download=True), 64, shuffle=True)
held_out = torch.utils.data.DataLoader(torchvision.datasets.CIFAR10('.', train=False, transform=eval_tf, download=True), 500)
net = AllConv()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-3)
xent = nn.CrossEntropyLoss()
for epoch in range(3):
    net.train()
    for x, y in loader:
        opt.zero_grad()
        xent(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print(epoch, sum((net(x).argmax(1) == y).sum().item() for x, y in held_out) / 10000)
