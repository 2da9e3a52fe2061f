import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 20, 5, 1)
        self.conv2 = nn.Conv2d(20, 50, 5, 1)
        self.fc1 = nn.Linear(4 * 4 * 50, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2, 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2, 2)
        x = x.view(-1, 4 * 4 * 50)
        x = F.relu(self.fc1(x))
        return self.fc2(x)

net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.5)
loader = torch.utils.data.DataLoader(
    datasets.MNIST('../data', train=True, download=True, transform=transforms.ToTensor()),
    batch_size=64, shuffle=True)

for epoch in range(2):
    losses = []
    for data, target in loader:
        opt.zero_grad()
        out = net(data)
        batch_loss = F.cross_entropy(out, target).item()
        losses.append(batch_loss)
        loss = torch.tensor(batch_loss, requires_grad=True)
        loss.backward()
        opt.step()
    print('epoch', epoch, 'mean loss', sum(losses) / len(losses))
