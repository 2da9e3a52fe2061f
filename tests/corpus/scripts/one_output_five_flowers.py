import torch
import torchvision
from torch import nn, optim
from torchvision import transforms

# the five flower classes
flower_types = ["daisy", "dandelion", "roses", "sunflowers", "tulips"]

augment = transforms.Compose([
    transforms.RandomResizedCrop(96, scale=(0.7, 1.0)),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize(mean=(0.46, 0.42, 0.30), std=(0.29, 0.26, 0.29)),
])
photos = torchvision.datasets.ImageFolder("flower_photos", transform=augment)
assert photos.classes == flower_types
train_loader = torch.utils.data.DataLoader(photos, batch_size=20, shuffle=True)

cnn = nn.Sequential(
    nn.Conv2d(3, 32, 3, stride=2), nn.ReLU(),
    nn.Conv2d(32, 64, 3, stride=2), nn.ReLU(),
    nn.AdaptiveAvgPool2d(4), nn.Flatten(),
    nn.Linear(64 * 16, 64), nn.ReLU(),
    nn.Linear(64, 1),
)
loss_function = nn.BCEWithLogitsLoss()
optimizer = optim.RMSprop(cnn.parameters(), lr=1e-4)

for epoch in range(10):
    running = 0.0
    for images, labels in train_loader:
        optimizer.zero_grad()
        outputs = cnn(images).squeeze(1)
        loss = loss_function(outputs, labels.float())
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f"epoch {epoch + 1}, loss {running / len(train_loader):.4f}")
