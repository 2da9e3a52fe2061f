import torch
import torch.nn as nn
import torchvision.models as models
from torchvision import datasets, transforms


class PetClassifier(nn.Module):
    def __init__(self, num_breeds=37):
        super().__init__()
        base = models.mobilenet_v2(weights=None)
        self.features = base.features
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, num_breeds))

    def forward(self, x):
        x = self.features(x)
        x = self.pool(x)
        return self.head(x)


tf = transforms.Compose([
    transforms.RandomResizedCrop(160),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
])
pets = datasets.OxfordIIITPet('pets', split='trainval', transform=tf, download=True)
loader = torch.utils.data.DataLoader(pets, batch_size=32, shuffle=True)
model = PetClassifier()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4, weight_decay=0.05)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
model.train()
for epoch in range(2):
    for images, breeds in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), breeds)
        loss.backward()
        optimizer.step()
