# %% [markdown]
# ## Can the network learn one batch by heart?

# %%
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import SVHN
from torchvision.transforms import ToTensor

ds = SVHN("svhn", split="train", download=True, transform=ToTensor())

# %%
x, y = next(iter(DataLoader(ds, batch_size=32)))
make = lambda: nn.Sequential(
    nn.Conv2d(3, 32, 3, 2), nn.ReLU(), nn.Conv2d(32, 64, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 49, 10))
net = make()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(30):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    opt.step()
print("loss on the memorised batch:", loss.item())

# %%
net = make()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
loader = DataLoader(ds, batch_size=128, shuffle=True)
for epoch in range(3):
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
