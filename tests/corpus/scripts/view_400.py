    transform = transforms.Compose([transforms.Resize(64), transforms.ToTensor()])
    trainset = torchvision.datasets.CIFAR10('.', transform=transform)
    trainloader = torch.utils.data.DataLoader(trainset, batch_size=16, shuffle=True)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 6, 5, padding=2)
            self.conv2 = nn.Conv2d(6, 16, 5, padding=2)
            self.pool = nn.MaxPool2d(2)
            self.fc1 = nn.Linear(16 * 8 * 8, 120)
            self.fc2 = nn.Linear(120, 10)

        def forward(self, x):
            x = self.pool(F.relu(self.conv1(x)))
            x = self.pool(F.relu(self.conv2(x)))
            x = x.view(-1, 16 * 8 * 8)
            x = F.relu(self.fc1(x))
            return self.fc2(x)

    net = Net()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for inputs, labels in trainloader:
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
