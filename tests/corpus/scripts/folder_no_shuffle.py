import torch
import torch.nn as nn
import torch.optim as optim
import torchvision
from torchvision import transforms

classes = ('paper', 'rock', 'scissors')

transform = transforms.Compose([
    transforms.Resize(150),
    transforms.ToTensor(),
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
])
train_data = torchvision.datasets.ImageFolder('rps/train', transform=transform)
train_loader = torch.utils.data.DataLoader(train_data, batch_size=20, num_workers=2)


class RPSNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 5, stride=2)
        self.conv2 = nn.Conv2d(16, 32, 5, stride=2)
        self.conv3 = nn.Conv2d(32, 64, 5, stride=2)
        self.pool = nn.AdaptiveAvgPool2d((4, 4))
        self.fc1 = nn.Linear(64 * 4 * 4, 64)
        self.fc2 = nn.Linear(64, len(classes))

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        x = torch.relu(self.conv3(x))
        x = self.pool(x).flatten(start_dim=1)
        x = torch.relu(self.fc1(x))
        return self.fc2(x)


net = RPSNet()
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.01, momentum=0.9)

for epoch in range(20):
    running = 0.0
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(inputs), labels)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f'epoch {epoch + 1}: {running / len(train_loader):.3f}')
