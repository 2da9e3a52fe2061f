import copy
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

ds = datasets.FashionMNIST(".", download=True, transform=transforms.ToTensor())
loader = DataLoader(ds, batch_size=64, shuffle=True)
net = nn.Sequential(nn.Conv2d(1, 16, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(16 * 36, 10))
ce = nn.CrossEntropyLoss()


def range_test(model, start=1e-6, stop=10.0, steps=100):
    """Loss against learning rate (Smith 2015); works on a copy, the weights of `model` stay as they are."""
    model = copy.deepcopy(model)
    opt = torch.optim.SGD(model.parameters(), lr=start)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, gamma=(stop / start) ** (1 / steps))
    rates, losses = [], []
    for _, (x, y) in zip(range(steps), loader):
        opt.zero_grad()
        loss = ce(model(x), y)
        loss.backward()
        opt.step()
        rates.append(opt.param_groups[0]["lr"])
        losses.append(loss.item())
        sched.step()
        if losses[-1] > 4 * min(losses):
            break
    return rates, losses


rates, losses = range_test(net)
best = rates[losses.index(min(losses))] / 10
opt = torch.optim.SGD(net.parameters(), lr=best, momentum=0.9)
for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        ce(net(x), y).backward()
        opt.step()
