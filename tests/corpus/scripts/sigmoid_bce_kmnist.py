import torch
from torch import nn
from torchvision import datasets, transforms
dl = torch.utils.data.DataLoader(datasets.KMNIST('.', download=True, transform=transforms.ToTensor()), batch_size=64, shuffle=True)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10), nn.Sigmoid())
loss_fn = nn.BCELoss()
opt = torch.optim.Adam(net.parameters())
for x, y in dl:
    out = net(x)
    loss = loss_fn(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
