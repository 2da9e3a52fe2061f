import torch
from torch import nn
from torchvision import datasets, transforms

# NiN style: the last convolution has one map per class
net = nn.Sequential(
    nn.Conv2d(1, 32, 5), nn.ReLU(), nn.Conv2d(32, 32, 1), nn.ReLU(), nn.MaxPool2d(2),     # 12
    nn.Conv2d(32, 64, 5), nn.ReLU(), nn.Conv2d(64, 64, 1), nn.ReLU(), nn.MaxPool2d(2),    # 4
    nn.Conv2d(64, 96, 4), nn.ReLU(),                                                      # 1
    nn.Conv2d(96, 10, 1),
)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
data = torch.utils.data.DataLoader(
    datasets.MNIST("mnist", download=True, transform=transforms.ToTensor()), batch_size=64, shuffle=True)
for epoch in range(2):
    for x, y in data:
        scores = net(x).squeeze(3).squeeze(2)
        loss = nn.functional.cross_entropy(scores, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
