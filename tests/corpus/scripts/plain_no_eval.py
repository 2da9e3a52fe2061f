import torch
import torch.nn as nn
import torchvision
from torchvision import transforms

t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
trainset = torchvision.datasets.MNIST('.', train=True, download=True, transform=t)
testset = torchvision.datasets.MNIST('.', train=False, download=True, transform=t)
trainloader = torch.utils.data.DataLoader(trainset, batch_size=16, shuffle=True)
testloader = torch.utils.data.DataLoader(testset, batch_size=16, shuffle=False)

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.lin = nn.Linear(16 * 5 * 5, 10)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)
        return self.lin(x)

model = Model()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
lossfunction = nn.CrossEntropyLoss()

for epoch in range(4):
    for x, y in trainloader:
        optimizer.zero_grad()
        prediction = model(x)
        loss = lossfunction(prediction, y)
        loss.backward()
        optimizer.step()
    print('loss after epoch', epoch, ':', loss.item())

right = 0
with torch.no_grad():
    for x, y in testloader:
        right += (model(x).argmax(1) == y).sum().item()
print('right:', right, 'of', len(testset))
