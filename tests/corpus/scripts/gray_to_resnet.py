import torch
from torch import nn
from torchvision import datasets, models, transforms


class ThreeTimes(nn.Module):
    """Repeats a one-channel picture three times and hands it to the trunk."""
    def __init__(self, trunk):
        super().__init__()
        self.trunk = trunk

    def forward(self, x):
        return self.trunk(x.expand(-1, 3, -1, -1))


imagenet = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
tf_a = transforms.Compose([transforms.Grayscale(num_output_channels=3), transforms.Resize(96), transforms.ToTensor(), imagenet])
tf_b = transforms.Compose([transforms.Resize(96), transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))])

net_a = models.resnet18(weights="DEFAULT")
net_a.fc = nn.Linear(512, 10)
net_b = ThreeTimes(models.squeezenet1_1(weights=None, num_classes=10))

for net, tf in ((net_a, tf_a), (net_b, tf_b)):
    loader = torch.utils.data.DataLoader(datasets.FashionMNIST('.', transform=tf, download=True), 32, shuffle=True)
    opt = torch.optim.Adam(net.parameters(), lr=1e-4)
    net.train()
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
