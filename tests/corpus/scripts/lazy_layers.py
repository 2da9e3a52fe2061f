import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class LazyCNN(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(16, 5), nn.LazyBatchNorm2d(), nn.ReLU(), nn.MaxPool2d(2),
            nn.LazyConv2d(32, 5), nn.LazyBatchNorm2d(), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(),
            nn.LazyLinear(120), nn.ReLU(),
            nn.LazyLinear(84), nn.ReLU(),
            nn.LazyLinear(n_classes),
        )

    def forward(self, x):
        return self.net(x)


tf = transforms.Compose([transforms.Resize(28), transforms.ToTensor()])
train = DataLoader(datasets.USPS("usps", train=True, download=True, transform=tf), batch_size=64, shuffle=True)
model = LazyCNN(10)
x0, _ = next(iter(train))
model(x0)      # materialise the lazy parameters
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(3):
    for x, y in train:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
