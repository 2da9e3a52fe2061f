import torch, torchvision
from torch import nn
from torchvision import transforms

# Exercise 4.2 - MNIST with a CNN
net = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Linear(16*7*7, 64), nn.ReLU(),
    nn.Linear(64, 10),
)

data = torchvision.datasets.MNIST('mnist_data', train=True, transform=transforms.ToTensor(), download=True)
loader = torch.utils.data.DataLoader(data, batch_size=50, shuffle=True)
opt = torch.optim.Adam(net.parameters())
loss = nn.CrossEntropyLoss()

for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        l = loss(net(x), y)
        l.backward()
        opt.step()
print(l)
