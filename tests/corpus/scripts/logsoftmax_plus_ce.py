import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 7, stride=3)
        self.fc = nn.Linear(16 * 8 * 8, 10)

    def forward(self, x):
        x = F.elu(self.conv(x))
        return F.log_softmax(self.fc(x.flatten(1)), dim=-1)

net = Net()
ds = datasets.USPS('usps', train=True, download=True,
                   transform=transforms.Compose([transforms.Resize(28), transforms.ToTensor()]))
loader = torch.utils.data.DataLoader(ds, batch_size=20, shuffle=True)
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.8)
for epoch in range(3):
    for x, y in loader:
        opt.zero_grad()
        criterion(net(x), y).backward()
        opt.step()
