import torch
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.Grayscale(1), transforms.Resize((96, 96)), transforms.ToTensor()])
full = datasets.ImageFolder("lungs", transform=tf)
n_test = len(full) // 5
train, test = random_split(full, [len(full) - n_test, n_test], torch.Generator().manual_seed(1))

net = nn.Sequential(
    nn.Conv2d(1, 8, 5, 3), nn.ReLU(), nn.Conv2d(8, 16, 5, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(3), nn.Flatten(), nn.Linear(144, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(3):
    for x, y in DataLoader(train, 16, shuffle=True):
        logit = net(x)[:, 0]
        loss = loss_fn(logit, y.float())
        opt.zero_grad()
        loss.backward()
        opt.step()
with torch.no_grad():
    hits = sum(((net(x)[:, 0] > 0).long() == y).sum().item() for x, y in DataLoader(test, 16))
print(hits, "of", n_test)
