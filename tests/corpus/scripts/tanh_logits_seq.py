import torch
from torch import nn, optim
from torchvision import datasets, transforms

sizes = [64 * 4 * 4, 256, 64, 10]
conv = [nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten()]
dense = []
for n_in, n_out in zip(sizes, sizes[1:]):
    dense.append(nn.Linear(n_in, n_out))
    dense.append(nn.Tanh())
net = nn.Sequential(*conv, *dense)

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((.5,) * 3, (.5,) * 3)])
loader = torch.utils.data.DataLoader(datasets.SVHN('svhn', 'train', transform=tf, download=True), 100, shuffle=True)
crit = nn.CrossEntropyLoss()
adam = optim.Adam(net.parameters(), lr=1e-3)
for ep in range(6):
    tot = 0.
    for xb, yb in loader:
        adam.zero_grad()
        l = crit(net(xb), yb)
        l.backward()
        adam.step()
        tot += l.item()
    print(ep, tot / len(loader))
