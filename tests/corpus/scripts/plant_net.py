import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision import transforms

tfm = transforms.Compose([
    transforms.Resize((128, 128)),
    transforms.ToTensor(),
])
leaves = ImageFolder('plants/train', transform=tfm)
loader = DataLoader(leaves, batch_size=16, shuffle=True)

class PlantNet(nn.Module):
    """5 conv layers, global average pooling."""
    def __init__(self, n_classes):
        super().__init__()
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2)
        self.conv1 = nn.Conv2d(3, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 128, 3, padding=1)
        self.conv4 = nn.Conv2d(128, 128, 3, padding=1)
        self.gap = nn.AdaptiveAvgPool2d(1)
        self.out = nn.Linear(128, n_classes)

    def forward(self, img):
        h = self.pool(self.relu(self.conv1(img)))
        h = self.pool(self.relu(self.conv2(h)))
        h = self.pool(self.relu(self.conv3(h)))
        h = self.relu(self.conv4(h))
        h = self.gap(h).flatten(1)
        return self.out(h)

model = PlantNet(len(leaves.classes))
loss_fn = nn.CrossEntropyLoss()
sgd = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

for epoch in range(15):
    total = 0
    for img, label in loader:
        sgd.zero_grad()
        loss = loss_fn(model(img), label)
        loss.backward()
        sgd.step()
        total += loss.item() * len(img)
    print(epoch, total / len(leaves))
