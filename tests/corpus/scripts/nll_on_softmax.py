import torch
import torch.nn.functional as F
from torch import nn, optim
from torchvision import datasets, transforms


class TrafficSignNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 100, 5)
        self.conv2 = nn.Conv2d(100, 150, 3)
        self.conv3 = nn.Conv2d(150, 250, 3)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout2d()
        self.fc1 = nn.Linear(250 * 2 * 2, 350)
        self.fc2 = nn.Linear(350, 43)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.drop(self.pool(F.relu(self.conv2(x))))
        x = self.drop(self.pool(F.relu(self.conv3(x))))
        x = x.view(-1, 250 * 2 * 2)
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1)


data_transforms = transforms.Compose([
    transforms.Resize((32, 32)),
    transforms.ToTensor(),
    transforms.Normalize((0.3337, 0.3064, 0.3171), (0.2672, 0.2564, 0.2629)),
])
train_loader = torch.utils.data.DataLoader(
    datasets.GTSRB('gtsrb', split='train', transform=data_transforms, download=True), batch_size=64, shuffle=True)
test_loader = torch.utils.data.DataLoader(
    datasets.GTSRB('gtsrb', split='test', transform=data_transforms, download=True), batch_size=64)

model = TrafficSignNet()
optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.5)


def train(epoch):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        output = model(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()


def test():
    model.eval()
    hits = 0
    with torch.no_grad():
        for data, target in test_loader:
            pred = model(data).max(1, keepdim=True)[1]
            hits += pred.eq(target.view_as(pred)).sum().item()
    print('accuracy: {:.1f}%'.format(100. * hits / len(test_loader.dataset)))


for epoch in range(1, 5):
    train(epoch)
    test()
